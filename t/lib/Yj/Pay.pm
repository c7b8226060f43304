package Yj::Pay;

# Pay.pm: WeChat Pay's client by hand, the sim's cashier and its bad days,
# and a receiver of notifications of the test's own.

use strict;
use warnings;
use utf8;
use Exporter ();
use File::Temp ();
use IO::Socket::INET ();
use JSON::PP qw(decode_json);
use Yj;

our @ISA = ('Exporter');
our @EXPORT = qw(pay_call pay_sim pay_faults pay_state pay_press pay_number
	pay_receiver pay_received pay_config);

my ($folder, $config, $receiver, $port);
END { kill TERM => $receiver if $receiver; }

# A new number for an order or a refund.
my $numbers = 0;
sub pay_number { return sprintf 'T%d-%d-%d', time, $$, ++$numbers }

# What t/service/wechatpay-call says: (result, reason, detail, ...); all lines
# in list context go into the last.
sub pay_call {
	my ($stdin, @arguments) = ref $_[0] ? (${ shift() }, @_) : ('', @_);
	my $in = File::Temp->new;
	binmode $in;
	print {$in} $stdin;
	close $in;
	my $pid = open my $out, '-|';
	die $! unless defined $pid;
	if (!$pid) {
		$ENV{YJ_CONFIG} = $config // env('YJ_CONFIG');
		open STDIN, '<', $in->filename or die $!;
		open STDERR, '>', '/dev/null';
		exec { built('t/service/wechatpay-call') } 'wechatpay-call', @arguments;
		die $!;
	}
	local $/;
	my $said = <$out> // '';
	close $out;
	$said =~ s{\n\z}{};
	return split /\|/, $said, -1;
}

# GET or, with fields, POST at the sim: (status, body).
my $browser;
sub pay_sim {
	my ($path, $fields) = @_;
	$browser //= new_browser();
	my $url = public("/sim/wechatpay$path");
	my $answer = $fields ? $browser->post($url, $fields) : $browser->get($url);
	return ($answer->code, $answer->decoded_content);
}

sub pay_faults {
	my ($on, $what, $times) = @_;
	my ($status) = pay_sim("/faults?on=$on&what=$what&times=" . ($times // 1));
	die "no fault: $status" unless $status == 200;
}

sub pay_state { return decode_json((pay_sim('/state'))[1] =~ s/[^\x00-\x7f]/?/gr) }

# Presses a button of the cashier (pay, cancel, close): what the page says.
sub pay_press {
	my ($ticket, $act) = @_;
	$ticket =~ s/.*prepay_id=//;
	my (undef, $page) = pay_sim('/cashier', { prepay_id => $ticket, act => $act });
	return $page =~ m{role="status">([^<]*)<} ? $1 : $page;
}

# The config of this test: notifications come to a receiver of its own.
sub pay_config { return $config }

sub serve {
	my ($listener) = @_;
	my $n = 0;
	while (my $client = $listener->accept) {
		my ($head, $body) = ('', '');
		while (defined(my $line = <$client>)) {
			last if $line =~ /^\r?\n$/;
			$head .= $line;
		}
		my ($length) = $head =~ /^Content-Length: (\d+)/mi;
		read $client, $body, $length // 0;
		my $answer = -e "$folder/refuse" ? '500 Internal Server Error' : '204 No Content';
		open my $file, '>:raw', "$folder/part" or die $!;
		print {$file} "$head\n$body";
		close $file;
		rename "$folder/part", sprintf '%s/notification.%05d', $folder, ++$n;
		print {$client} "HTTP/1.1 $answer\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
		close $client;
	}
}

# Starts it; refuse => 1 makes it answer 500 from now on.
sub pay_receiver {
	my (%how) = @_;
	if (!$receiver) {
		$folder = File::Temp::tempdir(CLEANUP => 1);
		my $listener = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1') or die $!;
		$port = $listener->sockport;
		defined($receiver = fork) or die $!;
		if (!$receiver) {
			$receiver = undef;
			serve($listener);
			require POSIX;
			POSIX::_exit(0);
		}
		my $text = slurp(env('YJ_CONFIG')) =~ s/^public_url = .*/public_url = http:\/\/127.0.0.1:$port/mr;
		open my $file, '>:raw', "$folder/yuanjian.conf" or die $!;
		print {$file} $text;
		close $file;
		$config = "$folder/yuanjian.conf";
	}
	unlink "$folder/refuse";
	if ($how{refuse}) {
		open my $file, '>', "$folder/refuse" or die $!;
	}
}

# Notifications that came since the last time, as wechatpay-call reads them; waits up
# to `seconds` until there are `count`.
my %seen;
sub pay_received {
	my ($count, $seconds) = @_;
	my @fresh;
	for (1 .. ($seconds // 5) * 10) {
		@fresh = grep { !$seen{$_} } sort glob "$folder/notification.*";
		last if $count && @fresh >= $count;
		select undef, undef, undef, 0.1;
	}
	$seen{$_} = 1 for @fresh;
	return map {
		my ($head, $body) = split /\n\n/, slurp($_) =~ s/\r\n/\n/gr, 2;
		my %header = map { /^([\w-]+): (.*)$/ ? (lc $1 => $2) : () } split /\n/, $head;
		my ($verdict, $read, $id, $event, $number, $fen, $currency) = pay_call(\$body, 'notification',
			map { $header{"wechatpay-$_"} // '' } qw(timestamp nonce serial signature));
		{ path => $head =~ /^POST (\S+)/ ? $1 : '', verdict => $verdict, read => $read, id => $id,
			event => $event, number => $number, fen => $fen, currency => $currency };
	} @fresh;
}

1;
