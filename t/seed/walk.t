# Applications that t/seed/seed walks along the flow: every state of it in every
# kind of project that has a way there, as sound as the pages would make them.
use lib 't/lib';
use Yj;
use Yj::Seed;
use Yj::Sound;
use Yj::Content;

need_instance();
plain_project();
db_do('INSERT IGNORE INTO project (code, name, flow_version, identity_check, payment, second_review,
	help_phone, other_channel) SELECT "seed-test", "两人审核的项目", flow_version, FALSE, FALSE, TRUE, "", ""
	FROM project WHERE code = "gzgjj"');
for my $table ('package (project, code, title, description, years) SELECT p.id, k.code, k.title, k.description, k.years',
	'agreement_text (project, version, title, body, sha256, published_at)
		SELECT p.id, k.version, k.title, k.body, k.sha256, k.published_at') {
	my ($name) = $table =~ /^(\w+)/;
	db_do("INSERT IGNORE INTO $table FROM project p, $name k JOIN project g ON g.id = k.project AND g.code = 'plain'
		WHERE p.code = 'seed-test'");
}
db_do('INSERT IGNORE INTO package_price (package, price_fen, valid_from) SELECT k.id, q.price_fen, q.valid_from
	FROM package k JOIN project p ON p.id = k.project AND p.code = "seed-test" JOIN package l ON l.code = k.code
	JOIN package_price q ON q.package = l.id JOIN project g ON g.id = l.project AND g.code = "plain"');

# What a project does not have: states that its guards never lead to.
my %not = (
	gzgjj => [qw(awaiting_second_review rejected)],
	plain => [qw(awaiting_identity awaiting_identity_review awaiting_payment awaiting_second_review awaiting_refund refunded)],
	'seed-test' => [qw(awaiting_identity awaiting_identity_review awaiting_payment awaiting_refund refunded)],
);
my @states = map { $_->{state} } db_rows('SELECT state FROM flow_state
	WHERE flow_version = (SELECT flow_version FROM project WHERE code = "gzgjj") ORDER BY ord');
cmp_ok scalar @states, '>=', 20, 'the flow has its states';

my %trip;
for my $project (sort keys %not) {
	my %none = map { $_ => 1 } @{ $not{$project} };
	for my $state (@states) {
		my $trip = eval { seed(state => $state, project => $project) };
		if ($none{$state}) {
			like $@, qr/has no way to $state/, "$project has no way to $state, and it is said";
			next;
		}
		ok $trip, "$project: $state" or diag($@), next;
		is_deeply [ faults($trip->{id}) ], [], "$project: $state is sound";
		is db_value('SELECT state FROM application WHERE public_id = ?', $trip->{application}), $state,
			"$project: it is there";
		$trip{$state} //= $trip;
	}
}

# People can work with it.
my $clerk = staff('clerk1');
for my $state (@states) {
	my $trip = $trip{$state} or next;
	my $browser = applicant($trip->{openid});
	$browser->get(public("/apply/status?application=$trip->{application}"));
	is $browser->status, 200, "$state: its applicant sees it";
	$clerk->get(intranet("/clerk/case?application=$trip->{application}"));
	is $clerk->status, 200, "$state: a clerk sees it";
	contains($clerk, $trip->{company}{name}, $trip->{legal_rep}{name}, $trip->{agent}{name})
		unless $state =~ /^awaiting_(?:agreement|company|legal_rep|agent)$|^cancelled$|^expired$/;
}
my ($image) = $clerk->get(intranet("/clerk/case?application=$trip{awaiting_review}{application}"))->decoded_content
	=~ m{src="(/clerk/image[^"]*)"};
$image =~ s/&amp;/&/g;
$clerk->get(intranet($image));
is $clerk->status . ' ' . $clerk->ct, '200 image/jpeg', 'a scan opens';

# One that came through a correction, and one for somebody who is known.
my $again = seed(state => 'awaiting_review', via => 'awaiting_correction');
is_deeply [ faults($again->{id}) ], [], 'sent back and handed in again: sound';
is db_value('SELECT COUNT(*) FROM event WHERE application = ? AND event IN ("refuse", "resubmit")', $again->{id}), 2,
	'both events are there';
is db_value('SELECT COUNT(*) FROM reason WHERE application = ? AND (mended_at IS NULL OR closed_at IS NULL)', $again->{id}), 0,
	'its reasons are mended and closed';
my $browser = applicant();
my $mine = seed(state => 'awaiting_company', browser => $browser);
$browser->get(public('/apply/mine'));
like $browser->content, qr/$mine->{application}/, 'an application for somebody who is logged in';

# Of another installation nothing is touched.
my $other = slurp(env('YJ_CONFIG')) =~ s/^demo = yes$/demo = no/mr;
require File::Temp;
my $config = File::Temp->new;
print {$config} $other;
$config->flush;
my $before = db_value('SELECT COUNT(*) FROM applicant');
my ($status, undef, $said) = run_program('t/seed/seed', { YJ_CONFIG => $config->filename }, undef,
	top() . '/t/seed/pictures', '--state', 'awaiting_company');
isnt $status, 0, 'without demo = yes it does nothing';
like $said, qr/demo = yes/, 'and says why';
is db_value('SELECT COUNT(*) FROM applicant'), $before, 'nobody was added';
done_testing;
