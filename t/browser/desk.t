#!/usr/bin/perl
# The clerk's side of the identity check in a browser; see desk.mjs.
use Yj;
use Yj::Node;

node_test('desk.mjs');
