#!/usr/bin/perl
# Whoever uses a keyboard sees where they are, and a finger hits one link of two;
# see focus.mjs.
use Yj;
use Yj::Node;

node_test('focus.mjs');
