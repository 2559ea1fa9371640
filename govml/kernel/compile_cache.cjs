// Loaded into jsii's kernel before anything else. A synth compiles some 20 MB of JavaScript, the same at every run; here
// V8's own code cache is kept between runs, and which file of a package asks for which. Node's built-in compile cache cannot
// do it: it is keyed by the file's path, and jsii links its packages into a new folder each time. V8 refuses what another
// version or other flags have made; the key holds the package's version and the source's length, and jsii unpacks a version
// once and never changes it.
'use strict';

const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const v8 = require('node:v8');
const vm = require('node:vm');

const PACKAGES = `${path.sep}node_modules${path.sep}`;
const folder = process.env.GOVML_KERNEL_CACHE;
const file = folder && path.join(folder, `node-${process.versions.node}-${process.arch}-v2.bin`);

// A synth lives for seconds: optimising compilation costs more than it wins, and compiled code need not be thrown away.
v8.setFlagsFromString('--no-opt');
v8.setFlagsFromString('--no-flush-bytecode');

const resolved = new Map(); // package, version, file and request -> file asked for, from the package's root
const kept = readCache();
const compiled = new Map();
let changed = false;

function readCache() {
  const entries = new Map();
  try {
    const bytes = fs.readFileSync(file);
    const headerLength = bytes.readUInt32LE(0);
    const start = 4 + headerLength;
    const { code, files } = JSON.parse(bytes.toString('utf8', 4, start));
    for (const [key, offset, length] of code) entries.set(key, bytes.subarray(start + offset, start + offset + length));
    for (const [key, answer] of files) resolved.set(key, answer);
  } catch {
    entries.clear(); // none yet, or a damaged one: everything is compiled
  }
  return entries;
}

// Kept between runs only for files of one package that ask for each other: what another package is, its link decides. Within
// a run it is the same for all files of a package, and Node would read the other's whole list of exports for each of them.
const foundThisTime = new Map(); // package's root and request -> file
const resolveAsNodeDoes = Module._resolveFilename;
Module._resolveFilename = function resolve(request, parent, isMain, options) {
  const root = !options && parent?.filename && rootOf(parent.filename);
  if (!root) return resolveAsNodeDoes.call(this, request, parent, isMain, options);
  const inside = request.startsWith('.');
  const key = inside
    ? `${root.slice(root.lastIndexOf(PACKAGES))} ${versionOf(root)} ${parent.filename.slice(root.length)} ${request}`
    : `${root} ${request}`;
  const known = inside ? resolved.get(key) : foundThisTime.get(key);
  if (known !== undefined) return inside ? root + known : known;
  const answer = resolveAsNodeDoes.call(this, request, parent, isMain, options);
  if (!inside) foundThisTime.set(key, answer);
  else if (answer.startsWith(root + path.sep)) {
    resolved.set(key, answer.slice(root.length));
    changed = true;
  }
  return answer;
};

const compileAsNodeDoes = Module.prototype._compile;
Module.prototype._compile = function compile(source, filename, ...rest) {
  const root = rootOf(filename);
  if (!root || source.startsWith('#!')) return compileAsNodeDoes.call(this, source, filename, ...rest);
  const key = `${filename.slice(filename.lastIndexOf(PACKAGES))} ${versionOf(root)} ${source.length}`;
  const cachedData = kept.get(key);
  const script = new vm.Script(Module.wrap(source), { filename, cachedData });
  if (cachedData === undefined || script.cachedDataRejected) changed = true;
  compiled.set(key, script);
  const load = script.runInThisContext();
  return load.call(this.exports, this.exports, requireFor(this), this, filename, path.dirname(filename));
};

// The folder of the package that holds a file, as in `.../node_modules/@scope/name`.
function rootOf(filename) {
  const at = filename.lastIndexOf(PACKAGES);
  if (at < 0) return undefined;
  const start = at + PACKAGES.length;
  const slash = filename.indexOf(path.sep, start);
  return filename.slice(0, filename[start] === '@' ? filename.indexOf(path.sep, slash + 1) : slash);
}

const versions = new Map();

function versionOf(root) {
  if (!versions.has(root)) {
    let version = '';
    try {
      version = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')).version;
    } catch {
      // no package: its files are told apart by their length alone
    }
    versions.set(root, version);
  }
  return versions.get(root);
}

function requireFor(module) {
  const require = (id) => module.require(id);
  require.resolve = (request, options) => Module._resolveFilename(request, module, false, options);
  require.resolve.paths = (request) => Module._resolveLookupPaths(request, module);
  require.main = process.mainModule;
  require.extensions = Module._extensions;
  require.cache = Module._cache;
  return require;
}

process.on('exit', () => {
  if (!file || !changed) return;
  const header = [];
  const parts = [];
  let offset = 0;
  for (const [key, script] of compiled) {
    const data = script.createCachedData(); // with the functions that this run has called
    header.push([key, offset, data.length]);
    parts.push(data);
    offset += data.length;
  }
  for (const [key, data] of kept) {
    if (compiled.has(key)) continue; // of another app's synth: kept
    header.push([key, offset, data.length]);
    parts.push(data);
    offset += data.length;
  }
  const text = Buffer.from(JSON.stringify({ code: header, files: [...resolved] }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  const draft = `${file}.${process.pid}`;
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    fs.writeFileSync(draft, Buffer.concat([length, text, ...parts]), { mode: 0o600 });
    fs.renameSync(draft, file); // whole or not at all, whoever else writes at the same time
  } catch {
    fs.rmSync(draft, { force: true }); // a cache that cannot be written is no reason to fail
  }
});
