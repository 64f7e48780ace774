import { build, checkNode, ensureInstalled } from './lib.mjs';

checkNode();
ensureInstalled();
build();
