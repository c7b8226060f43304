#!/usr/bin/perl
# kill -9 of push/wechatpay, cron/poll and cron/outbox at random moments while
# people pay, get invoices and get money back: a notification that was acknowledged is
# there, each payment, refund and invoice is made and booked once, and no money
# that the service has is missing here.
#
# YJ_KILLS sets how many kills (24; ./dev fault takes more); a seed in YJ_SEED repeats a run.
use lib 't/lib';
use Yj;
use Yj::Account;
use Yj::Journey;
use Yj::Killer;
use Yj::Outbox;
use Yj::Staff;
use Yj::Wechatpay;
use Time::HiRes qw(time sleep);

need_instance();
stop_cron();
others_wait();
pay_calm();
my $kills = $ENV{YJ_KILLS} // 24;
my $seed = $ENV{YJ_SEED} // time;
srand $seed;
note "YJ_SEED=$seed";
db_do('UPDATE payment SET ask_at = NULL WHERE state = "open"');
db_do('UPDATE wechatpay_notice SET done_at = UTC_TIMESTAMP(3) WHERE done_at IS NULL');

my $browser = applicant();
my $desk = desk_browser($browser);
my ($clerk, $accountant) = map { hire($_)->{id} } qw(clerk accountant);
my $office = part_db('clerk');
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

# One notification, as the service sends it: again and again until it is acknowledged.
sub send_notification {
	my ($body, $armed) = @_;
	for my $try (0 .. 9) {
		my %header = signed_headers($body);
		my %environment = (PATH => '/usr/bin:/bin', YJ_CONFIG => env('YJ_CONFIG'), GATEWAY_INTERFACE => 'CGI/1.1',
			REQUEST_METHOD => 'POST', REMOTE_ADDR => '127.0.0.1', CONTENT_TYPE => 'application/json',
			CONTENT_LENGTH => length $body, map { 'HTTP_' . (uc =~ tr/-/_/r) => $header{$_} } keys %header);
		my ($pid, $out) = Yj::Killer::spawn(built('cgi-bin/push/wechatpay'), \%environment, $body);
		my $killed = wait_or_kill('push/wechatpay', $pid, $armed && rand() < 0.7 && $try < 8);
		my $said = Yj::Killer::response(slurp($out->filename))->code == 204;
		my $there = defined notification_row($body);
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

# Somebody pays; the news comes by a notification, twice, or only by asking.
sub somebody_pays {
	my ($armed) = @_;
	my $trip = payable($browser);
	begin_payment($desk, $trip, 'native');
	$trip->{number} = order_of($trip);
	cashier((keys %{ sim_order($trip->{number})->{tickets} })[0], 'pay');
	my $paid = sim_order($trip->{number});
	push @trips, $trip;
	my $way = rand;
	send_notification(sealed_notification('TRANSACTION.SUCCESS', trade($trip->{number}, $trip->{price_fen},
		transaction_id => $paid->{transaction_id})), $armed) for 1 .. ($way < 0.25 ? 0 : $way < 0.75 ? 1 : 2);
	ask_all_now($trip) if rand() < 0.7;
}

# What these people were promised, done now: a promise that a killed worker had in
# its hands comes again, as it does by itself two minutes later.
sub work_a_while {
	my ($armed) = @_;
	db_do('UPDATE outbox SET due_at = UTC_TIMESTAMP(3) WHERE done_at IS NULL AND parked_at IS NULL
		AND application IN (' . join(',', map { $_->{id} } @trips) . ')');
	wait_or_kill('cron/outbox', start_worker(env('YJ_CONFIG'), 0), $armed);
}

# A clerk ends what somebody paid for; a second person lets the money go back.
sub somebody_is_refused {
	my ($trip) = grep { !$_->{refused} && state_of($_) eq 'awaiting_review' } @trips or return;
	my ($result) = flow_advance($office, $trip->{id}, 'clerk', $clerk, 'reject', "pay-kill-$trip->{id}", '{"reason":"company-closed"}');
	$trip->{refused} = 1;
	die "not refused: $result\n" unless $result eq 'moved';
}
sub accountant_confirms {
	for my $trip (grep { $_->{refused} && !$_->{confirmed} } @trips) {
		my ($refund) = refunds($trip) or next;
		refund_decide($refund->{id}, $accountant, 'confirm', '', "pay-kill-$refund->{id}");
		$trip->{confirmed} = 1;
	}
}

# The service says that money went back, of a refund that it has.
sub news_of_refunds {
	my ($armed) = @_;
	for my $trip (grep { $_->{confirmed} && !$_->{told} } @trips) {
		my ($refund) = grep { $_->{out_refund_no} eq (refunds($trip))[0]{out_refund_no} }
			@{ sim_order($trip->{number})->{refunds} // [] } or next;
		$trip->{told} = 1;
		my $news = refund_news($refund->{out_refund_no}, $trip->{number}, (payments($trip))[0]{transaction_id},
			$refund->{refund}, 'SUCCESS');
		$news->{refund_id} = $refund->{refund_id};
		send_notification(sealed_notification('REFUND.SUCCESS', $news), $armed) if rand() < 0.7;
		ask_all_now($trip) if rand() < 0.7;
	}
}

lose_notifications();
for my $round (1 .. 20 * $kills) {
	my $armed = $round > 1; # the first round learns how long things take
	somebody_pays($armed);
	poll_a_while($armed && rand() < 0.85) for 1 .. 3;
	work_a_while($armed && rand() < 0.85) for 1 .. 2;
	somebody_is_refused() if rand() < 0.8;
	work_a_while($armed && rand() < 0.85);
	accountant_confirms();
	work_a_while($armed && rand() < 0.85) for 1 .. 2;
	news_of_refunds($armed);
	last if shots() >= $kills;
}
# In the end all is left in peace. What a killed worker had in its hands is taken over in ten seconds.
ask_all_now(@trips);
sleep 11;
poll();
for (1 .. 60) {
	last if !db_value('SELECT COUNT(*) FROM outbox WHERE done_at IS NULL AND parked_at IS NULL AND application IN ('
		. join(',', map { $_->{id} } @trips) . ')') && !grep { $_->{refused} && !$_->{confirmed} } @trips;
	work_a_while(0);
	accountant_confirms();
	sleep 0.2;
}
ask_all_now(@trips);
poll();

cmp_ok shots(), '>=', $kills, shots() . ' programs killed';
note "$_: $shots{$_}" for sort keys %shots;
is scalar(keys %shots), 3, 'of each kind';
is $lost, 0, "no notification that was acknowledged is lost ($acknowledged answers were out before the kill, $unsaid kept and not said)";
my @wrong;
for my $trip (@trips) {
	my @payments = payments($trip);
	my $count = sub { db_value("SELECT COUNT(*) FROM $_[0] WHERE application = ? AND $_[1]", $trip->{id}) };
	my $invoices = sub { join ',', map { "$_->{kind}/$_->{state}/$_->{amount_fen}" }
		db_rows('SELECT kind, state, amount_fen FROM invoice WHERE application = ? ORDER BY id', $trip->{id}) };
	my $order = sim_order($trip->{number});
	my $is = join ' ', map({ "$_->{state}/" . ($_->{booked_as} // '') . '/' . ($_->{paid_fen} // '') } @payments),
		'events=' . $count->('event', 'event = "paid"'), 'told=' . $count->('outbox', 'kind = "paid"'),
		state_of($trip), 'refunds=' . join(',', map { "$_->{state}/$_->{amount_fen}" } refunds($trip)),
		'service=' . join(',', map { "$_->{status}/$_->{refund}" } @{ $order->{refunds} // [] });
	my $should = "paid/fee/$trip->{price_fen} events=1 told=1 " . ($trip->{refused}
		? "refunded refunds=done/$trip->{price_fen} service=SUCCESS/$trip->{price_fen}"
		: 'awaiting_review refunds= service=');
	push @wrong, "$trip->{number}: $is" if $is ne $should;
	push @wrong, "$trip->{number}: the transaction is not the service's"
		if ($payments[0]{transaction_id} // '') ne $order->{transaction_id};
	# refused before an invoice was begun: none; begun: taken back
	my $blue = "blue/issued/$trip->{price_fen}";
	my $good = $trip->{refused} ? qr{^(?:|blue/given_up/\d+|$blue,red/issued/-$trip->{price_fen})$} : qr{^$blue$};
	push @wrong, "$trip->{number}: invoices " . $invoices->() if $invoices->() !~ $good;
	push @wrong, "$trip->{number}: mails of invoices" if $count->('outbox', 'kind IN ("invoice_mail", "invoice_red_mail")')
		!= $count->('invoice', 'state = "issued"');
}
is_deeply \@wrong, [], 'each of ' . @trips . ' payments is booked once, with all that follows from it';
is db_value('SELECT COUNT(*) FROM wechatpay_notice WHERE done_at IS NULL'), 0, 'no notification is left over';
my $captured = 0;
$captured += sim_order($_->{number})->{asked}{amount}{total} for @trips;
is db_value('SELECT SUM(paid_fen) FROM payment WHERE application IN (' . join(',', map { $_->{id} } @trips) . ')'), $captured,
	'the ledger has what the service has, to the fen';
is db_value('SELECT COUNT(*) FROM outbox WHERE parked_at IS NOT NULL AND application IN (' . join(',', map { $_->{id} } @trips) . ')'),
	0, 'nothing is left to a person';
pay_calm();
others_go_on();
done_testing();
