#!/usr/bin/perl
# The accountants' lists in a browser; see finance.mjs.
use Yj;
use Yj::Node;

node_test('finance.mjs');
