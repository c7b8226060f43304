package Yj::Killer;

# Killer.pm: pages run without a web server, so that a test can kill -9 one of
# them at a moment of its choice.
#
#     my $killer = Yj::Killer->new($browser, \%usual);  # takes over its /apply/ and /clerk/ requests
#     $killer->aim(0.004);                      # kill the next POST after 4 ms
#     ... $browser does something ...
#     $killer->shot                             # {program, committed answer or not}, or undef
#
# The browser gets what the program wrote in full, or 502 when it was killed
# before it had said everything.

use strict;
use warnings;
use utf8;
use File::Temp ();
use HTTP::Response ();
use POSIX ();
use Time::HiRes qw(time sleep);
use Yj ();

sub new {
	my ($class, $browser, $usual) = @_;
	my $self = bless { usual => $usual, aimed => undef, shot => undef }, $class;
	$browser->add_handler(request_send => sub { $self->serve($_[0]) }, m_path_match => qr{^/(?:apply|clerk)/});
	return $self;
}

# After so many seconds (undef: leave the next requests in peace). With a code
# reference, it is asked with the program's usual duration.
sub aim { $_[0]{aimed} = $_[1]; $_[0]{shot} = undef; return }

sub shot { return $_[0]{shot} }

sub environment {
	my ($request) = @_;
	my $body = $request->content // '';
	my %environment = (
		PATH => '/usr/bin:/bin',
		YJ_CONFIG => Yj::env('YJ_CONFIG'),
		GATEWAY_INTERFACE => 'CGI/1.1',
		SERVER_PROTOCOL => 'HTTP/1.1',
		REMOTE_ADDR => '127.0.0.1',
		REQUEST_METHOD => $request->method,
		QUERY_STRING => $request->uri->query // '',
		HTTP_HOST => $request->uri->host_port,
		HTTP_USER_AGENT => $request->header('User-Agent') // '',
	);
	$environment{HTTP_COOKIE} = $request->header('Cookie') if $request->header('Cookie');
	if ($request->method eq 'POST') {
		$environment{CONTENT_TYPE} = $request->header('Content-Type');
		$environment{CONTENT_LENGTH} = length $body;
	}
	return (\%environment, $body);
}

sub spawn {
	my ($path, $environment, $body) = @_;
	my $in = File::Temp->new;
	my $out = File::Temp->new;
	binmode $_ for $in, $out;
	print {$in} $body;
	$in->flush;
	seek $in, 0, 0;
	defined(my $pid = fork) or die "fork: $!";
	if (!$pid) {
		%ENV = %$environment;
		open my $null, '>', '/dev/null' or POSIX::_exit(126);
		POSIX::dup2(fileno $in, 0) // POSIX::_exit(126);
		POSIX::dup2(fileno $out, 1) // POSIX::_exit(126);
		POSIX::dup2(fileno $null, 2) // POSIX::_exit(126);
		exec { $path } $path or POSIX::_exit(127);
	}
	return ($pid, $out);
}

sub response {
	my ($bytes) = @_;
	my ($head, $body) = split /\r\n\r\n/, $bytes, 2;
	return HTTP::Response->new(502, 'Killed') unless defined $body;
	my ($status, @header) = (200);
	for (split /\r\n/, $head) {
		my ($name, $value) = split /:\s*/, $_, 2;
		if (lc $name eq 'status') { ($status) = $value =~ /(\d+)/ }
		else { push @header, $name, $value }
	}
	return HTTP::Response->new($status, 'said', \@header, $body);
}

sub serve {
	my ($self, $request) = @_;
	my ($name) = $request->uri->path =~ m{^/((?:apply|clerk)/[a-z-]+)$} or return;
	my $what = $request->method . " $name";
	my ($aimed, $usual) = ($self->{aimed}, $self->{usual}{$what});
	my $delay = ref $aimed ? $aimed->($what, $usual) : $aimed;
	my ($pid, $out) = spawn(Yj::built("cgi-bin/$name"), environment($request));
	my $began = time;
	if (defined $delay) {
		sleep $delay if $delay > 0;
		kill KILL => $pid;
		$self->{aimed} = undef;
	}
	waitpid $pid, 0;
	my $signal = $? & 127;
	if (!$signal) {
		my $took = time - $began;
		$self->{usual}{$what} = defined $usual ? $usual * 0.8 + $took * 0.2 : $took;
	}
	my $answer = response(Yj::slurp($out->filename));
	# What a killed program wrote may have reached the client or not; only a
	# complete answer counts as acknowledged.
	$self->{shot} = { what => $what, killed => $signal == 9, code => $answer->code } if defined $delay;
	$answer->request($request);
	return $answer;
}

1;
