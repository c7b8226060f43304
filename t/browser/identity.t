#!/usr/bin/perl
# The identity check on a phone with a camera, and on one without; see identity.mjs.
use Yj;
use Yj::Node;

node_test('identity.mjs');
