// Loaded into jsii's kernel before anything else. CDK does some work again that it has done before. Here each piece of it is
// replaced by one that leaves out just that:
//  * an app looks for references once more in the stages that it has synthesised already;
//  * a logical id is computed, with a hash, wherever it is used, although an element's path never changes;
//  * `tree.json` repeats every resource's properties, which stand in the templates;
//  * whichever check for deprecated properties is asked for is looked up anew, at every token and every property.
'use strict';

const Module = require('node:module');
const path = require('node:path');

const LIBRARY = path.join('node_modules', 'aws-cdk-lib') + path.sep;
const CORE = path.join('core', 'lib');

// File of the library -> what changes its exports, or returns others.
const SHORTER = {
  [path.join(CORE, 'private', 'refs.js')]: (refs, library) => {
    const { STAGE_TYPE } = library(path.join(CORE, 'private', 'core-construct-finders.js'));
    refs.resolveReferences = (scope) => refs.resolveReferencesInElements(elementsOf(scope, STAGE_TYPE));
  },
  [path.join(CORE, 'stack.js')]: ({ Stack }) => {
    const ids = new WeakMap();
    const allocate = Stack.prototype.allocateLogicalId;
    Stack.prototype.allocateLogicalId = function allocateLogicalId(element) {
      let id = ids.get(element);
      if (id === undefined) ids.set(element, (id = allocate.call(this, element)));
      return id;
    };
  },
  [path.join(CORE, 'private', 'tree-metadata.js')]: ({ TreeMetadata }) => {
    TreeMetadata.prototype.synthAttributes = () => undefined;
  },
  '.warnings.jsii.js': (checks) => {
    const get = (target, name, found) => {
      Object.defineProperty(found, name, { value: target[name] }); // from now on it is a property of its own
      return target[name];
    };
    return Object.create(new Proxy(checks, { get }));
  },
};

// Preorder, as CDK's own; a stage below the scope has been synthesised before its parent looks for references.
function* elementsOf(scope, stages) {
  yield scope;
  for (const child of scope.node.children) if (!stages.isMarked(child)) yield* elementsOf(child, stages);
}

const compile = Module.prototype._compile;
Module.prototype._compile = function compileCore(source, filename, ...rest) {
  const loaded = compile.call(this, source, filename, ...rest);
  const at = filename.lastIndexOf(LIBRARY);
  const shorten = at >= 0 && SHORTER[filename.slice(at + LIBRARY.length)];
  if (shorten) this.exports = shorten(this.exports, (name) => this.require(filename.slice(0, at + LIBRARY.length) + name)) ?? this.exports;
  return loaded;
};
