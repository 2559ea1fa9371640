// Loaded into jsii's kernel before anything else. CDK's core goes over the construct tree several times; three of its passes
// do work that another has done. Here each of the three is replaced by one that leaves out just that:
//  * an app looks for references once more in the stages that it has synthesised already;
//  * a logical id is computed, with a hash, wherever it is used, although an element's path never changes;
//  * `tree.json` repeats every resource's properties, which stand in the templates.
'use strict';

const Module = require('node:module');
const path = require('node:path');

const CORE = path.join('node_modules', 'aws-cdk-lib', 'core', 'lib') + path.sep;

const SHORTER = {
  [path.join('private', 'refs.js')]: (refs, core) => {
    const { STAGE_TYPE } = core(path.join('private', 'core-construct-finders.js'));
    refs.resolveReferences = (scope) => refs.resolveReferencesInElements(elementsOf(scope, STAGE_TYPE));
  },
  'stack.js': ({ Stack }) => {
    const ids = new WeakMap();
    const allocate = Stack.prototype.allocateLogicalId;
    Stack.prototype.allocateLogicalId = function allocateLogicalId(element) {
      let id = ids.get(element);
      if (id === undefined) ids.set(element, (id = allocate.call(this, element)));
      return id;
    };
  },
  [path.join('private', 'tree-metadata.js')]: ({ TreeMetadata }) => {
    TreeMetadata.prototype.synthAttributes = () => undefined;
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
  const at = filename.lastIndexOf(CORE);
  const shorten = at >= 0 && SHORTER[filename.slice(at + CORE.length)];
  if (shorten) shorten(this.exports, (name) => this.require(filename.slice(0, at + CORE.length) + name));
  return loaded;
};
