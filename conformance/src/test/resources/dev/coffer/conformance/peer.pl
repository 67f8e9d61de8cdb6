# A program for both ends of a connection, with what every Debian has.
#   peer.pl serve PORT               tells who comes, by TCP and UDP, IPv4 and IPv6, from which address they are seen
#   peer.pl ask tcp|udp ADDRESS PORT prints that, or REFUSED, SILENCE or UNKNOWN
use strict;
use warnings;
use Socket qw(:all);

sub text {
    my ($port, $address) = unpack_sockaddr_in6(shift);
    my $text = inet_ntop(AF_INET6, $address);
    $text =~ s/^::ffff://;
    return $text;
}

sub serve {
    my $port = shift;
    my %sockets;
    for my $type (SOCK_STREAM, SOCK_DGRAM) {
        socket(my $socket, AF_INET6, $type, 0) or die "socket: $!";
        setsockopt($socket, IPPROTO_IPV6, IPV6_V6ONLY, 0) or die "IPV6_V6ONLY: $!";
        setsockopt($socket, SOL_SOCKET, SO_REUSEADDR, 1) or die "SO_REUSEADDR: $!";
        bind($socket, pack_sockaddr_in6($port, IN6ADDR_ANY)) or die "bind: $!";
        $sockets{$type} = $socket;
    }
    listen($sockets{+SOCK_STREAM}, 64) or die "listen: $!";
    $| = 1;
    print "ready\n";
    while (1) {
        my $waiting = '';
        vec($waiting, fileno($_), 1) = 1 for values %sockets;
        select($waiting, undef, undef, undef);
        if (vec($waiting, fileno($sockets{+SOCK_STREAM}), 1)) {
            my $from = accept(my $client, $sockets{+SOCK_STREAM}) or next;
            syswrite($client, text($from));
            close($client);
        }
        if (vec($waiting, fileno($sockets{+SOCK_DGRAM}), 1)) {
            my $from = recv($sockets{+SOCK_DGRAM}, my $question, 64, 0);
            send($sockets{+SOCK_DGRAM}, text($from), 0, $from) if defined $from;
        }
    }
}

sub ask {
    my ($protocol, $host, $port) = @_;
    my $type = $protocol eq 'tcp' ? SOCK_STREAM : SOCK_DGRAM;
    my ($error, @found) = getaddrinfo($host, $port, { socktype => $type });
    if ($error) { print "UNKNOWN"; return }
    local $SIG{ALRM} = sub { print "SILENCE"; exit 0 };
    alarm(2);
    socket(my $socket, $found[0]{family}, $type, 0) or die "socket: $!";
    my $answer;
    my $done = connect($socket, $found[0]{addr});
    if ($done) {
        $done = ($protocol eq 'tcp' or send($socket, "who am I", 0));
        $done = $done && defined(recv($socket, $answer, 64, 0));
    }
    print $done && length $answer ? $answer : $!{ECONNREFUSED} ? "REFUSED" : "SILENCE";
}

my $verb = shift @ARGV;
$verb eq 'serve' ? serve(@ARGV) : ask(@ARGV);
