#!/usr/bin/perl
# schema.t: every field of every form has its column, wide enough, in the
# database as the migrations leave it.
use FindBin;
use lib "$FindBin::Bin/../lib";
use Yj;
use Encode ();

need_instance();

my %sealed = map { $_ => 1 } qw(id-number mobile landline);
my %indexed = map { $_ => 1 } qw(person id-number mobile);
my %number = map { $_ => 1 } qw(address package consent);
my %max = (person => 50, region => 6, uscc => 18, 'id-number' => 18, mobile => 11,
	landline => 20, email => 254, 'tax-number' => 20);

# What a table keeps beside what is filled in: the price as it was confirmed.
my %kept = (order => [qw(price price_fen confirmed_at)]);

sub columns {
	my ($table) = @_;
	return map { $_->{name} => $_ } db_rows(
		'SELECT column_name AS name, data_type AS type, is_nullable AS nullable,'
		. ' character_maximum_length AS max, column_key AS ckey'
		. ' FROM information_schema.columns'
		. ' WHERE table_schema = DATABASE() AND table_name = ?'
		# what the database makes of other columns is nobody's field
		. ' AND COALESCE(generation_expression, "") = ""', $table);
}

sub attributes {
	my ($text) = @_;
	return $text =~ /(\w+)="([^"]*)"/g;
}

for my $path (glob top() . '/forms/*.xml') {
	my ($name) = $path =~ m{([^/]+)\.xml$};
	(my $table = $name) =~ tr/-/_/;
	my %column = columns($table);
	ok %column, "$name has a table";
	for my $own (qw(application complete version updated_at)) {
		ok $column{$own}, "$table.$own";
	}
	is $column{application}{ckey}, 'PRI', "$table: one row an application";
	my $xml = Encode::decode('UTF-8', slurp($path));
	my %known = map { $_ => 1 } qw(application complete version updated_at),
		@{ $kept{$table} // [] };
	while ($xml =~ m{<([a-z-]+)\s([^>]*name="[^>]*)>}g) {
		my ($type, %field) = ($1, attributes($2));
		next if $type eq 'form';
		my $column = $column{ $field{name} };
		if ($type eq 'scan') {
			ok !$column, "$table.$field{name}: a scan has no column";
			next;
		}
		$known{ $field{name} } = 1;
		ok $column, "$table.$field{name}" or next;
		is $column->{nullable}, 'YES', "$table.$field{name} may be empty" ;
		if ($sealed{$type}) {
			is $column->{type}, 'varbinary', "$table.$field{name} is sealed";
			cmp_ok $column->{max}, '>=', 33 + $max{$type}, "$table.$field{name} has room";
		} elsif ($number{$type}) {
			like $column->{type}, qr/int/, "$table.$field{name} is a number";
		} else {
			my $max = $field{max} || $max{$type} || 16;
			like $column->{type}, qr/char/, "$table.$field{name} is text";
			cmp_ok $column->{max}, '>=', $max, "$table.$field{name} holds $max characters";
		}
		if ($indexed{$type}) {
			$known{"$field{name}_index"} = 1;
			my $index = $column{"$field{name}_index"};
			ok $index && $index->{type} eq 'binary' && $index->{max} == 32,
				"$table.$field{name}_index";
		}
	}
	is_deeply [grep { !$known{$_} } sort keys %column], [], "$table has no column without field";
}

done_testing();
