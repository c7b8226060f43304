#!/usr/bin/perl
# The identity check with a person on both sides; see identity-review.mjs.
use Yj;
use Yj::Node;

node_test('identity-review.mjs');
