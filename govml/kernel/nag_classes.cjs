// Loaded into jsii's kernel before anything else. A rule of cdk-nag starts with `node instanceof CfnDataSource`, and to ask
// that it loads the class, with the whole service's module: ten megabytes of services that no stack has. No construct can
// be an instance of a class that nobody has loaded, so the question is answered without loading it. The rules run as they
// are, over every resource; once a construct has loaded a service, they get its true classes.
'use strict';

const Module = require('node:module');
const path = require('node:path');

const RULES = path.join('node_modules', 'cdk-nag', 'lib', 'rules') + path.sep;
const SERVICE = /^aws-cdk-lib\/aws-[a-z0-9-]+$/;
const RESOURCE_CLASS = /^Cfn[A-Z]/; // of the rest that a rule may use, such as enumerations, nothing is answered here

class NeverMade {
  static [Symbol.hasInstance]() {
    return false;
  }
}

const load = Module._load;
Module._load = function loadService(request, parent, ...rest) {
  if (!SERVICE.test(request) || !parent?.filename?.includes(RULES)) return load.call(this, request, parent, ...rest);
  const library = path.join(path.dirname(Module._resolveFilename(request, parent)), 'lib', 'index.js');
  const service = load.call(this, request, parent, ...rest); // small: it loads the library when a class is asked for
  let loaded = false;
  return new Proxy(service, {
    get: (target, name) => {
      loaded ||= library in Module._cache;
      return !loaded && RESOURCE_CLASS.test(String(name)) ? NeverMade : target[name];
    },
  });
};
