# cron/reconcile on money that went back, and on the minutes around midnight: what
# the bill and the ledger have otherwise is found, on the day it belongs to.
use lib 't/lib';
use Yj;
use Yj::Billing;
use Yj::Outbox;
use Yj::Pay;

need_instance();
stop_cron();
others_wait();

my $age = 8; # days ago: no other test's day
my $day = db_value('SELECT DATE(UTC_TIMESTAMP() + INTERVAL 8 HOUR) - INTERVAL ? DAY', $age);

sub aged {
	my ($fee, $at) = @_;
	pay_sim("/age?out_trade_no=$fee->{trade_no}&days=$age");
	db_do("UPDATE payment SET created_at = created_at - INTERVAL $age DAY, paid_at = COALESCE(?, paid_at - INTERVAL $age DAY)
		WHERE id = ?", $at, $fee->{payment});
	return;
}

# A refund of the ledger that went out that day, at noon.
my $count = 0;
sub sent_back {
	my ($fee, $fen) = @_;
	my $number = sprintf 'yjr-rec-%d-%d', $$, ++$count;
	db_do('INSERT INTO refund (payment, application, out_refund_no, cause, amount_fen, state, requested_at, sent_at)
		VALUES (?, ?, ?, "ended", ?, "sent", UTC_TIMESTAMP(3), ?)',
		$fee->{payment}, $fee->{application}, $number, $fen, "$day 04:00:00");
	return $number;
}

my ($same, $less, $only_ours, $only_theirs) = map { paid() } 1 .. 4;
my %number = (same => sent_back($same, 20000), less => sent_back($less, 20000), ours => sent_back($only_ours, 20000),
	theirs => "yjr-rec-$$-unknown");
for ([$same, $number{same}, 20000], [$less, $number{less}, 15000], [$only_theirs, $number{theirs}, 20000]) {
	my ($fee, $refund, $fen) = @$_;
	is((pay_call('refund', $fee->{trade_no}, $refund, $fen, 20000))[0], 'ok', "$fen fen go back at the service");
}
aged($_) for $same, $less, $only_ours, $only_theirs;

# Two that the service does not have on any day: a second before midnight in
# China belongs to the day, midnight to the next.
my ($last, $first) = map { paid() } 1 .. 2;
for ([$last, "$day 15:59:59.000"], [$first, "$day 16:00:00.000"]) {
	my ($fee, $at) = @$_;
	unlink env('YJ_VAR') . "/sim/wechatpay/order/$fee->{trade_no}.json" or die $!;
	db_do("UPDATE payment SET created_at = created_at - INTERVAL $age DAY, paid_at = ? WHERE id = ?", $at, $fee->{payment});
}

db_do('UPDATE bill_day SET ask_at = UTC_TIMESTAMP(3) + INTERVAL 1 DAY WHERE state = "due"');
db_do('DELETE FROM bill_row WHERE day IN (?, ? + INTERVAL 1 DAY)', $day, $day);
db_do('DELETE FROM difference WHERE day IN (?, ? + INTERVAL 1 DAY)', $day, $day);
db_do('DELETE FROM bill_day WHERE day IN (?, ? + INTERVAL 1 DAY)', $day, $day);
my ($exit, undef, $log) = run_program('cron/reconcile', {});
is $exit, 0, 'reconcile runs' or diag $log;
is db_value('SELECT state FROM bill_day WHERE day = ?', $day), 'read', 'the bill is read';

sub found {
	my ($of, @numbers) = @_;
	return [ map { "$_->{kind} $_->{o} $_->{t}" } db_rows('SELECT kind, COALESCE(ours_fen, "-") o, COALESCE(theirs_fen, "-") t
		FROM difference WHERE day = ? AND number IN (' . join(',', ('?') x @numbers) . ') ORDER BY id', $of, @numbers) ];
}
is_deeply found($day, $number{same}, map { $_->{trade_no} } $same, $less, $only_ours, $only_theirs), [], 'what agrees is no difference';
is_deeply found($day, $number{less}), ['refund_amount 20000 15000'], 'another amount went back';
is_deeply found($day, $number{ours}), ['refund_missing_there 20000 -'], 'a refund that the service does not have';
is_deeply found($day, $number{theirs}), ['refund_missing_here - 20000'], 'one that we do not have';
is db_value('SELECT refund_fen FROM bill_day WHERE day = ?', $day), db_value('SELECT SUM(fen) FROM bill_row WHERE day = ?
	AND kind = "refund"', $day), 'the sum of what went back';

my ($before, $after) = map { $_->{trade_no} } $last, $first;
my $next = db_value('SELECT ? + INTERVAL 1 DAY', $day);
is_deeply found($day, $before), ['missing_there 20000 -'], 'a second before midnight: this day';
is_deeply found($next, $before), [], '... and no other';
is_deeply found($day, $after), [], 'midnight: not this day';
is_deeply found($next, $after), ['missing_there 20000 -'], '... but the next';

others_go_on();
done_testing;
