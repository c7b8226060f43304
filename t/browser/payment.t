#!/usr/bin/perl
# Paying in a real browser; see payment.mjs.
use Yj;
use Yj::Node;

node_test('payment.mjs');
