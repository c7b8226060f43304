#!/usr/bin/perl
# Every page is usable by everybody, in every width and colour; see axe.mjs.
use Yj;
use Yj::Node;

node_test('axe.mjs');
