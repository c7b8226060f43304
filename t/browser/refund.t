#!/usr/bin/perl
# Money there and back in browsers; see refund.mjs.
use Yj;
use Yj::Node;

node_test('refund.mjs');
