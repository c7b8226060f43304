# Streams of everything that can happen around a payment, shuffled, doubled,
# late and lost, against a reference model that stands here and shares nothing
# with lib/pay: every one ends as the model says, and what came in is what was
# paid less what went back, to the fen. YJ_STREAMS says how many (300).
use Yj;
use Yj::Account;
use Yj::Ledger;
use List::Util qw(shuffle sum0);

need_database();
my $streams = $ENV{YJ_STREAMS} // 300;
my $seed = $ENV{YJ_SEED} // time ^ $$;
srand $seed;
diag "seed $seed, $streams streams";

my ($appid, $mchid) = ('wx-test', '1900000001');
my @hand = map { Yj::Ledger->new } 1, 2;
my %part = map { $_ => part_db($_) } qw(apply clerk cron);
my @accountants = accountant_ids();
my $serial = 0;

sub chance { return rand() < $_[0] }
sub pick { return $_[rand @_] }

# Twice at the same moment, now and then, by two workers; the answers together.
sub play {
	my (@words) = @_;
	return join ' ', $hand[0]->play(@words) if !chance(0.15);
	$_->say_to(@words) for @hand;
	return join '+', sort map { join ' ', $_->hear } @hand;
}

# ---- the service, as it really is, and the model of the house -----------------

# A stream: {id, state, fee, orders => {number => {fen, truth, booked}},
# refunds => {payment's number => [{no, state, cause, fen, truth}]}}.
my (%captured, %given_back);

sub model_refund {
	my ($s, $number, $cause, $fen) = @_;
	my $live = grep { $_->{state} !~ /^(?:declined|closed)$/ } @{ $s->{refunds}{$number} };
	return if $live;
	push @{ $s->{refunds}{$number} }, { cause => $cause, fen => $fen, state => 'requested' };
}

sub model_money_is_back {
	my ($s) = @_;
	return if $s->{state} ne 'awaiting_refund';
	for my $number (grep { $s->{orders}{$_}{booked} =~ /^(?:fee|excess)$/ } keys %{ $s->{orders} }) {
		return unless grep { $_->{state} =~ /^(?:done|by_hand)$/ } @{ $s->{refunds}{$number} };
	}
	$s->{state} = 'refunded';
}

sub model_paid {
	my ($s, $number, $news) = @_;
	my $o = $s->{orders}{$number};
	return if $o->{booked} =~ /^(?:fee|excess|odd)$/;
	my $ours = $news->{appid} eq $appid && $news->{mchid} eq $mchid && $news->{currency} eq 'CNY';
	if (!$ours || $news->{fen} != $o->{fen}) {
		$o->{booked} = 'odd';
		model_refund($s, $number, 'odd', $news->{fen}) if $ours;
	} elsif (!$s->{fee} && $s->{state} =~ /^(?:awaiting_payment|cancelled|expired)$/) {
		$o->{booked} = 'fee';
		$s->{fee} = 1;
		$s->{promised} = 1 if $s->{state} ne 'awaiting_payment';
		$s->{state} = $s->{state} eq 'awaiting_payment' ? 'awaiting_review' : 'awaiting_refund';
	} else {
		$o->{booked} = 'excess';
		model_refund($s, $number, 'excess', $o->{fen});
	}
}

sub model_refund_news {
	my ($s, $number, $refund, $news) = @_;
	my $was = $refund->{state};
	my %takes = (
		done => qr/^(?:confirmed|sent|abnormal)$/, 'under-way' => qr/^confirmed$/,
		abnormal => qr/^(?:confirmed|sent)$/, closed => qr/^(?:confirmed|sent)$/,
	);
	return if $was !~ $takes{$news};
	$refund->{state} = $news eq 'under-way' ? 'sent' : $news;
	model_money_is_back($s) if $news eq 'done';
	model_refund($s, $number, $refund->{cause}, $refund->{fen}) if $news eq 'closed';
}

# ---- what happens, each on both sides -------------------------------------------

sub act_order {
	my ($s) = @_;
	my ($word, $number, $fen) = $hand[0]->play('order', $s->{id}, pick(qw(jsapi h5 native)));
	my $paid = grep { $_->{booked} =~ /^(?:fee|excess)$/ } values %{ $s->{orders} };
	my $want = $paid ? 'is-paid' : $s->{state} eq 'awaiting_payment' ? 'taken' : 'not-open';
	return "order gave $word, not $want" if $word ne $want;
	return if $word ne 'taken';
	$s->{orders}{$number} //= { fen => $fen, truth => 'open', booked => 'open', closed_here => 0 };
	return "order of $fen" if $fen != $s->{price};
	return;
}

# The payer pays at the service; the house does not know yet.
sub act_pay {
	my ($s) = @_;
	my ($number) = grep { $s->{orders}{$_}{truth} eq 'open' } shuffle keys %{ $s->{orders} } or return;
	my $o = $s->{orders}{$number};
	$o->{truth} = 'paid';
	my %news = (tx => 'tx' . ++$serial . "-$seed", appid => $appid, mchid => $mchid, currency => 'CNY',
		fen => $o->{fen});
	if (chance(0.12)) {
		my %odd = (fen => pick($o->{fen} - 1, $o->{fen} + 1, $o->{fen} + 1, 1), currency => 'USD',
			appid => 'wx-other', mchid => '1900000002');
		my $what = pick(sort keys %odd);
		$news{$what} = $odd{$what};
	}
	$o->{news} = \%news;
	$captured{$number} = $news{currency} eq 'CNY' ? $news{fen} : 0;
	return;
}

sub arrive {
	my ($s, $number) = @_;
	my $o = $s->{orders}{$number};
	my $news = $o->{news};
	play('paid', $number, @{$news}{qw(tx appid mchid currency fen)});
	model_paid($s, $number, $news);
}

# A notification: of any payment that happened, told already or not.
sub act_notification {
	my ($s) = @_;
	my ($number) = grep { $s->{orders}{$_}{truth} eq 'paid' } shuffle keys %{ $s->{orders} } or return;
	arrive($s, $number);
	return;
}

# An older answer to a query: not paid. It never changes a row.
sub act_not_paid {
	my ($s) = @_;
	my ($number) = shuffle keys %{ $s->{orders} } or return;
	my $said = play('notpaid', $number);
	return $said =~ /^nothing(?:\+nothing)?$/ ? undef : "not paid: $said";
}

# The service closes an order that is not paid; now and then it is told late,
# or the money comes although it said so.
sub act_close {
	my ($s) = @_;
	my ($number) = grep { $s->{orders}{$_}{truth} ne 'paid' } shuffle keys %{ $s->{orders} } or return;
	$s->{orders}{$number}{truth} = 'closed' unless chance(0.1);
	play('closed', $number);
	$s->{orders}{$number}{booked} = 'closed' if $s->{orders}{$number}{booked} eq 'open';
	return;
}

# Nobody's order, and one whose news no signature of the service covers never
# gets here; a number of ours with a foreign one's news does.
sub act_foreign {
	my ($s) = @_;
	my $said = play('paid', 'yj-not-ours-' . ++$serial, "tx$serial", $appid, $mchid, 'CNY', 1);
	return $said =~ /^unknown(?:\+unknown)?$/ ? undef : "foreign order: $said";
}

sub move {
	my ($s, $account, $role, $actor, $event) = @_;
	my ($result, $state) = flow_advance($part{$account}, $s->{id}, $role, $actor, $event, 'm' . ++$serial . "-$seed");
	return ($result, $state);
}

sub act_cancel {
	my ($s) = @_;
	my ($result) = move($s, 'apply', 'applicant', $s->{applicant}, 'cancel');
	my %to = (awaiting_payment => 'cancelled', awaiting_review => 'awaiting_refund');
	my $to = $to{ $s->{state} };
	return "cancel in $s->{state} gave $result" if ($result eq 'moved') != !!$to;
	$s->{promised} = 1 if ($to // '') eq 'awaiting_refund';
	$s->{state} = $to if $to;
	return;
}

sub act_expire {
	my ($s) = @_;
	db_do('UPDATE application SET deadline_at = UTC_TIMESTAMP() - INTERVAL 1 HOUR WHERE id = ?', $s->{id});
	my ($result) = move($s, 'cron', 'cron', 0, 'expire');
	return "expire in $s->{state} gave $result" if ($result eq 'moved') != ($s->{state} eq 'awaiting_payment');
	$s->{state} = 'expired' if $result eq 'moved';
	return;
}

# The outbox does what the end of an application promised.
sub act_promise {
	my ($s) = @_;
	return unless $s->{promised};
	my $said = play('refund-all', $s->{id});
	for my $number (sort keys %{ $s->{orders} }) {
		model_refund($s, $number, 'ended', $s->{orders}{$number}{fen})
			if $s->{orders}{$number}{booked} =~ /^(?:fee|excess)$/;
	}
	$s->{promised} = 0;
	return;
}

# The refunds of the table, laid beside the model's: the k-th of a payment.
sub refunds {
	my ($s) = @_;
	my @rows = db_rows('SELECT r.id, r.out_refund_no AS no, r.state, r.cause, r.amount_fen AS fen,
		p.out_trade_no AS number FROM refund r JOIN payment p ON p.id = r.payment
		WHERE r.application = ? ORDER BY r.id', $s->{id});
	my (%seen, @pairs);
	for my $row (@rows) {
		my $model = $s->{refunds}{ $row->{number} }[ $seen{ $row->{number} }++ // 0 ];
		push @pairs, [$row, $model];
	}
	return @pairs;
}

sub act_decide {
	my ($s) = @_;
	my @open = grep { $_->[1] && $_->[1]{state} =~ /^(?:requested|abnormal)$/ } refunds($s) or return;
	my ($row, $model) = @{ pick(@open) };
	my $act = $model->{state} eq 'abnormal' ? pick(qw(again by_hand)) : chance(0.9) ? 'confirm' : 'decline';
	my $call = $part{clerk}->prepare('CALL refund_decide(?, ?, ?, "", ?)');
	$call->execute($row->{id}, token_of(accountant => pick(@accountants)), $act, 'k' . ++$serial . "-$seed");
	my ($result) = $call->fetchrow_array;
	1 while $call->more_results;
	return "decide $act: $result" if $result ne 'decided';
	$model->{state} = { decline => 'declined', by_hand => 'by_hand' }->{$act} // 'confirmed';
	if ($act eq 'by_hand') {
		$given_back{ $row->{no} } = $row->{fen};
		play('upkeep');
		model_money_is_back($s);
	}
	return;
}

# The service works on a refund that was handed to it, and tells, perhaps.
sub act_refund {
	my ($s) = @_;
	my @out = grep { $_->[1] && $_->[1]{state} =~ /^(?:confirmed|sent|done|abnormal)$/ } refunds($s) or return;
	my ($row, $model) = @{ pick(@out) };
	$model->{truth} //= chance(0.6) ? "done" : pick(qw(abnormal abnormal closed));
	# asked again, or settled by the payer's bank: then it goes through
	$model->{truth} = 'done' if $model->{was_abnormal} && ($model->{state} eq 'confirmed' || chance(0.5));
	$given_back{ $row->{no} } = $row->{fen} if $model->{truth} eq 'done';
	my $news = chance(0.3) ? 'under-way' : $model->{truth};
	play('refund', $news, $row->{no}, "r$row->{id}", $row->{fen});
	model_refund_news($s, $row->{number}, $model, $news);
	$model->{was_abnormal} = 1 if $news eq 'abnormal';
	# of another amount: of nobody
	my $said = play('refund', 'done', $row->{no}, 'x', $row->{fen} + 1);
	return $said =~ /^unknown(?:\+unknown)?$/ ? undef : "refund of another amount: $said";
}

my @acts = (
	(\&act_order) x 5, (\&act_pay) x 4, (\&act_notification) x 6, (\&act_not_paid) x 2, (\&act_close) x 2,
	\&act_foreign, \&act_cancel, \&act_expire, (\&act_promise) x 2, (\&act_decide) x 3, (\&act_refund) x 4,
);

# ---- the streams, many under way at once -------------------------------------------

# At the end nothing is late any more: all news arrive, all promises are kept;
# then the finance office and the service work on what goes back.
sub finish {
	my ($s) = @_;
	arrive($s, $_) for grep { $s->{orders}{$_}{truth} eq 'paid' } sort keys %{ $s->{orders} };
	act_promise($s);
	return grep { defined } map { pick(\&act_decide, \&act_refund, \&act_notification)->($s) } 1 .. rand 12;
}

sub wrong_end {
	my ($s) = @_;
	my @wrong;
	my $state = db_value('SELECT state FROM application WHERE id = ?', $s->{id});
	push @wrong, "state $state, not $s->{state}" if $state ne $s->{state};
	for my $row (db_rows('SELECT out_trade_no AS number, state, booked_as FROM payment WHERE application = ?',
			$s->{id})) {
		my $is = $row->{state} eq 'paid' ? $row->{booked_as} : $row->{state};
		my $want = $s->{orders}{ $row->{number} }{booked};
		push @wrong, "order is $is, not $want" if $is ne $want;
	}
	my @pairs = refunds($s);
	push @wrong, 'refunds ' . @pairs . ', not ' . sum0(map { scalar @$_ } values %{ $s->{refunds} })
		if @pairs != sum0 map { scalar @$_ } values %{ $s->{refunds} };
	for my $pair (@pairs) {
		my ($row, $model) = @$pair;
		next if $model && $row->{state} eq $model->{state} && $row->{fen} == $model->{fen}
			&& $row->{cause} eq $model->{cause};
		push @wrong, "refund $row->{cause} $row->{state} $row->{fen}, not "
			. join ' ', map { $_ // '-' } @{ $model // {} }{qw(cause state fen)};
	}
	my $invoices = db_value('SELECT COUNT(DISTINCT payload) FROM outbox WHERE application = ? AND kind = "invoice"', $s->{id});
	push @wrong, "invoices of $invoices payments" if $invoices > 1;
	return @wrong;
}

my ($done, $acts, $two_fees, $twice_back, @failures) = (0) x 4;
while ($done < $streams) {
	my $batch = $streams - $done > 500 ? 500 : $streams - $done;
	my @ids = to_be_paid($batch);
	my $applicant = db_value('SELECT applicant FROM application WHERE id = ?', $ids[0]);
	my $price = db_value('SELECT price_fen FROM `order` WHERE application = ?', $ids[0]);
	my @streams = map { { id => $_, applicant => $applicant, price => $price, state => 'awaiting_payment',
		fee => 0, orders => {}, refunds => {}, left => 4 + int rand 16 } } @ids;
	my @under_way = @streams;
	while (@under_way) {
		my $i = int rand @under_way;
		my $s = $under_way[$i];
		my $wrong = pick(@acts)->($s);
		$acts++;
		push @failures, "stream $s->{id}: $wrong" if $wrong;
		next if --$s->{left} > 0;
		push @failures, map { "stream $s->{id}: $_" } finish($s);
		splice @under_way, $i, 1;
	}
	for my $s (@streams) {
		push @failures, "stream $s->{id}: $_" for wrong_end($s);
	}
	$done += $batch;
	# nobody at the service knows these orders: cron/poll need not ask
	db_do('UPDATE payment SET ask_at = NULL WHERE application IN (' . join(',', @ids) . ')');
	db_do('UPDATE refund SET ask_at = NULL WHERE application IN (' . join(',', @ids) . ')');
	# to the fen: what the service took, less what it gave back, is what the ledger
	# holds; odd payments in another currency are no yuan
	my $in = join ',', @ids;
	my $ledger = db_value("SELECT COALESCE(SUM(paid_fen), 0) FROM payment WHERE application IN ($in)
		AND state IN ('paid', 'odd') AND currency = 'CNY'")
		- db_value("SELECT COALESCE(SUM(amount_fen), 0) FROM refund WHERE application IN ($in)
		AND state IN ('done', 'by_hand')");
	$two_fees += db_value("SELECT COUNT(*) FROM (SELECT application FROM payment WHERE booked_as = 'fee'
		AND application IN ($in) GROUP BY application HAVING COUNT(*) > 1) x");
	$twice_back += db_value("SELECT COUNT(*) FROM (SELECT r.payment FROM refund r JOIN payment p ON p.id = r.payment
		WHERE r.state NOT IN ('declined', 'closed') AND p.application IN ($in) GROUP BY r.payment, p.paid_fen
		HAVING SUM(r.amount_fen) > p.paid_fen) x");
	my %ours = map { $_->{number} => 1 } db_rows("SELECT out_trade_no AS number FROM payment WHERE application IN ($in)");
	my %back = map { $_->{no} => 1 } db_rows("SELECT out_refund_no AS no FROM refund WHERE application IN ($in)
		AND state IN ('done', 'by_hand')");
	my $service = sum0(map { $captured{$_} } grep { $ours{$_} } keys %captured)
		- sum0(map { $given_back{$_} } grep { $back{$_} } keys %given_back);
	push @failures, "money: the ledger has $ledger fen, the service $service" if $ledger != $service;
}
splice @failures, 20;
is(join("\n", @failures), '', "$done streams, $acts acts end as the model says");
is $two_fees, 0, 'no application took two fees';
is $twice_back, 0, 'nothing goes back twice';
done_testing();
