#!/usr/bin/perl
# What the pages' own script adds: uploads that fail and are tried again, the
# region picker, forms that are sent once; see script.mjs.
use Yj;
use Yj::Node;

node_test('script.mjs');
