#!/usr/bin/perl
# The whole journey in a real browser on a phone's screen; see journey.mjs.
use Yj;
use Yj::Node;

node_test('journey.mjs');
