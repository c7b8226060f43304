#!/usr/bin/perl
# kill -9 of push/wechatpay and cron/poll at random moments while people pay and
# get money back: a notice that was acknowledged is there, each payment and each
# refund is booked once, and no money that the service has is missing here.
#
# YJ_KILLS sets how many kills (40; ./dev fault takes more); a seed in YJ_SEED repeats a run.
use lib 't/lib';
use Yj;
use Yj::Journey;
use Yj::Killer;
use Yj::Outbox;
use Yj::Wechatpay;
use Time::HiRes qw(time sleep);

need_instance();
stop_cron();
pay_calm();
my $kills = $ENV{YJ_KILLS} // 40;
my $seed = $ENV{YJ_SEED} // time;
srand $seed;
note "YJ_SEED=$seed";
db_do('UPDATE payment SET ask_at = NULL WHERE state = "open"');
db_do('UPDATE wechatpay_notice SET done_at = UTC_TIMESTAMP(3) WHERE done_at IS NULL');

my $browser = applicant();
my $desk = desk_browser($browser);
my (%usual, %shots, @trips);
my ($acknowledged, $lost, $unsaid) = (0, 0, 0);

sub shots { my $sum = 0; $sum += $_ for values %shots; return $sum }

# Waits for a child, or kills it somewhere up to a little behind its usual end;
# true when it was killed.
sub wait_or_kill {
	my ($what, $pid, $aimed) = @_;
	my $began = time;
	if ($aimed) {
		sleep rand 1.15 * ($usual{$what} // 0.05);
		kill KILL => $pid;
	}
	waitpid $pid, 0;
	my $killed = ($? & 127) == 9;
	$shots{$what}++ if $killed;
	$usual{$what} = defined $usual{$what} ? $usual{$what} * 0.8 + (time - $began) * 0.2 : time - $began if !$aimed;
	return $killed;
}

# One notice, as the service sends it: again and again until it is acknowledged.
sub send_notice {
	my ($body, $armed) = @_;
	for my $try (0 .. 9) {
		my %header = signed_headers($body);
		my %environment = (PATH => '/usr/bin:/bin', YJ_CONFIG => env('YJ_CONFIG'), GATEWAY_INTERFACE => 'CGI/1.1',
			REQUEST_METHOD => 'POST', REMOTE_ADDR => '127.0.0.1', CONTENT_TYPE => 'application/json',
			CONTENT_LENGTH => length $body, map { 'HTTP_' . (uc =~ tr/-/_/r) => $header{$_} } keys %header);
		my ($pid, $out) = Yj::Killer::spawn(built('cgi-bin/push/wechatpay'), \%environment, $body);
		my $killed = wait_or_kill('push/wechatpay', $pid, $armed && rand() < 0.7 && $try < 8);
		my $said = Yj::Killer::response(slurp($out->filename))->code == 204;
		my $there = defined notice_row($body);
		$acknowledged++ if $killed && $said;
		$lost++ if $said && !$there;
		$unsaid++ if !$said && $there;
		return if $said;
	}
	return;
}

sub poll_a_while {
	my ($armed) = @_;
	wait_or_kill('cron/poll', start_poll(0), $armed);
}

# Somebody pays; the news comes by a notice, twice, or only by asking.
sub somebody_pays {
	my ($armed) = @_;
	my $trip = payable($browser);
	begin_payment($desk, $trip, 'native');
	$trip->{number} = order_of($trip);
	cashier((keys %{ sandbox_order($trip->{number})->{tickets} })[0], 'pay');
	my $paid = sandbox_order($trip->{number});
	push @trips, $trip;
	my $way = rand;
	send_notice(sealed_notice('TRANSACTION.SUCCESS', trade($trip->{number}, $trip->{price_fen},
		transaction_id => $paid->{transaction_id})), $armed) for 1 .. ($way < 0.25 ? 0 : $way < 0.75 ? 1 : 2);
	ask_all_now($trip) if rand() < 0.7;
}

# Money of somebody who paid goes back, and the service says so.
sub somebody_is_refunded {
	my ($armed) = @_;
	my ($trip) = grep { !$_->{refund} && state_of($_) eq 'awaiting_review' } @trips or return;
	my ($payment) = payments($trip);
	$trip->{refund} = "yjr-kill-$$-$payment->{id}";
	as_cron('CALL refund_request(?, "ended", NULL, ?)', $payment->{id}, $trip->{refund});
	db_do('UPDATE refund SET state = "sent" WHERE out_refund_no = ?', $trip->{refund});
	send_notice(sealed_notice('REFUND.SUCCESS', refund_news($trip->{refund}, $trip->{number}, $payment->{transaction_id},
		$payment->{paid_fen}, 'SUCCESS')), $armed);
}

lose_notices();
for my $round (1 .. 20 * $kills) {
	my $armed = $round > 1; # the first round learns how long things take
	somebody_pays($armed);
	poll_a_while($armed && rand() < 0.85) for 1 .. 3;
	somebody_is_refunded($armed);
	last if shots() >= $kills;
}
# In the end all is left in peace. What a killed worker had in its hands is taken over in ten seconds.
ask_all_now(@trips);
sleep 11;
poll();
poll();

cmp_ok shots(), '>=', $kills, shots() . ' programs killed';
note "$_: $shots{$_}" for sort keys %shots;
is scalar(keys %shots), 2, 'of both kinds';
is $lost, 0, "no notice that was acknowledged is lost ($acknowledged answers were out before the kill, $unsaid kept and not said)";
my @wrong;
for my $trip (@trips) {
	my @payments = payments($trip);
	my $is = join ' ', map({ "$_->{state}/" . ($_->{booked_as} // '') . '/' . ($_->{paid_fen} // '') } @payments),
		'events=' . db_value('SELECT COUNT(*) FROM event WHERE application = ? AND event = "paid"', $trip->{id}),
		'told=' . db_value('SELECT COUNT(*) FROM outbox WHERE application = ? AND kind = "paid"', $trip->{id}),
		'invoices=' . db_value('SELECT COUNT(*) FROM outbox WHERE application = ? AND kind = "invoice"', $trip->{id}),
		state_of($trip), 'refunds=' . join ',', map { "$_->{state}/$_->{amount_fen}" } refunds($trip);
	my $should = "paid/fee/$trip->{price_fen} events=1 told=1 invoices=1 awaiting_review refunds="
		. ($trip->{refund} ? "done/$trip->{price_fen}" : '');
	push @wrong, "$trip->{number}: $is" if $is ne $should;
	push @wrong, "$trip->{number}: the transaction is not the service's"
		if ($payments[0]{transaction_id} // '') ne sandbox_order($trip->{number})->{transaction_id};
}
is_deeply \@wrong, [], 'each of ' . @trips . ' payments is booked once, with all that follows from it';
is db_value('SELECT COUNT(*) FROM wechatpay_notice WHERE done_at IS NULL'), 0, 'no notice is left over';
my $captured = 0;
$captured += sandbox_order($_->{number})->{asked}{amount}{total} for @trips;
is db_value('SELECT SUM(paid_fen) FROM payment WHERE application IN (' . join(',', map { $_->{id} } @trips) . ')'), $captured,
	'the ledger has what the service has, to the fen';
pay_calm();
done_testing();
