// Loaded into jsii's launcher before anything else. The launcher starts a second Node process, the kernel, and carries
// every message between it and Python: a twelfth of a synth's CPU. Here the kernel runs in the launcher's own process.
// It is still jsii's own kernel, from the same folder; should Node ever pass over `runMain`, the launcher runs as it is.
'use strict';

const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { Writable } = require('node:stream');
const util = require('node:util');

const CHANNEL = 3; // where the kernel reads requests and writes answers: in the launcher's child, a socket to the launcher
const [STDIN, STDOUT, STDERR] = [0, 1, 2]; // in the launcher, pipes to Python

if (path.basename(process.argv[1] ?? '') === 'jsii-runtime.js') {
  const runMain = Module.runMain; // Node leaves it to preloaded modules to replace this
  Module.runMain = (launcher) => {
    process.execArgv.push('--preserve-symlinks'); // as the launcher would: the kernel then links its packages, not copies
    speakWithPython();
    describeTypesBriefly();
    return runMain(path.resolve(path.dirname(launcher), '..', 'lib', 'program.js'));
  };
}

// Whenever the kernel looks at a value's type, it writes the type out for a message about a missing one, and throws it away.
function describeTypesBriefly() {
  const { inspect } = util;
  util.inspect = Object.assign(
    (value, ...rest) => value?.type?.fqn ?? value?.type?.primitive ?? (value?.type?.collection ? 'collection' : inspect(value, ...rest)),
    inspect,
  );
}

function speakWithPython() {
  const { readSync, writeSync } = fs;
  fs.readSync = (fd, ...rest) => readSync(fd === CHANNEL ? STDIN : fd, ...rest);
  fs.writeSync = (fd, ...rest) => writeSync(fd === CHANNEL ? STDOUT : fd, ...rest);
  for (const name of ['stdout', 'stderr']) {
    // what constructs print: Python's side of jsii expects one JSON object a line on stderr
    const write = (chunk, encoding, done) => {
      writeSync(STDERR, `${JSON.stringify({ [name]: Buffer.from(chunk, encoding).toString('base64') })}\n`);
      done();
    };
    Object.defineProperty(process, name, { value: new Writable({ write }), configurable: true });
  }
}
