// Package ports gives each clone its own block of loopback ports, so that several clones and other servers can run on
// one machine.
package ports

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
)

// Size is the number of consecutive ports in a block.
const Size = 160

// The range of base ports. It is above the ports of well-known servers and below those that the kernel assigns
// (32768).
const (
	lowest  = 20000
	highest = 32000
)

// The services' health addresses are in the middle of a block. Above them is what on-call sees: services and servers.
const (
	firstHealth = 40
	firstOnCall = 128
)

// Instances is how many instances of a gateway have a port of their own.
const Instances = 4

// Block is the first port of a block. Its methods return the ports in it.
type Block int

// Postgres is PostgreSQL's port.
func (b Block) Postgres() int { return int(b) }

// AMQP is RabbitMQ's port for clients.
func (b Block) AMQP() int { return int(b) + 1 }

// AMQPAdmin is the port of RabbitMQ's management interface, where it is switched on.
func (b Block) AMQPAdmin() int { return int(b) + 2 }

// AMQPDistribution is RabbitMQ's port for other nodes.
func (b Block) AMQPDistribution() int { return int(b) + 3 }

// EPMD is the Erlang port mapper's port.
func (b Block) EPMD() int { return int(b) + 4 }

// Redis is Redis's port.
func (b Block) Redis() int { return int(b) + 5 }

// FIX is the port of HAProxy to which FIX providers connect.
func (b Block) FIX() int { return int(b) + 6 }

// FIXTLS is the port of HAProxy to which FIX providers connect with TLS. HAProxy ends the TLS.
func (b Block) FIXTLS() int { return int(b) + 7 }

// Mainframe is the port of the mainframe simulator.
func (b Block) Mainframe() int { return int(b) + 8 }

// MainframeControl is the port at which one tells the mainframe simulator to be slow, wrong or away.
func (b Block) MainframeControl() int { return int(b) + 9 }

// FIXInstance is the port at which the nth FIX gateway, 1 to Instances, accepts connections from HAProxy.
func (b Block) FIXInstance(n int) int { return int(b) + 9 + n }

// Socket is the port of HAProxy to which providers of the socket protocol connect.
func (b Block) Socket() int { return int(b) + 14 }

// SocketTLS is the port of HAProxy to which providers of the socket protocol connect with TLS.
func (b Block) SocketTLS() int { return int(b) + 15 }

// SocketInstance is the port at which the nth socket gateway, 1 to Instances, accepts connections from HAProxy.
func (b Block) SocketInstance(n int) int { return int(b) + 15 + n }

// HAProxyStats is the port of HAProxy's page for people, and for Prometheus under /metrics.
func (b Block) HAProxyStats() int { return int(b) + 20 }

// FailoverPage is the port at which the nth failover service, 1 to Instances, shows the plan.
func (b Block) FailoverPage(n int) int { return int(b) + 20 + n }

// API is the port of HAProxy to which people and systems of the bank connect, by HTTPS. HAProxy does not end the TLS.
func (b Block) API() int { return int(b) + 30 }

// APIInstance is the port at which the nth API, 1 to Instances, serves requests over TLS.
func (b Block) APIInstance(n int) int { return int(b) + 30 + n }

// Claim is the port that the block's holder listens on and never answers: see [Block.Hold].
func (b Block) Claim() int { return int(b) + firstHealth - 1 }

// Health is the port of the nth process's health address. Beyond the block it is 0: the process chooses a port
// itself.
func (b Block) Health(n int) int {
	if n < 0 || n >= firstOnCall-firstHealth {
		return 0
	}
	return int(b) + firstHealth + n
}

// Operations is the port of HAProxy to which on-call connects, by HTTPS: pages and interface of monitoring, tracing and logging.
func (b Block) Operations() int { return int(b) + firstOnCall }

// MonitoringInstance is the port at which the nth monitoring service, 1 to Instances, serves HTTPS.
func (b Block) MonitoringInstance(n int) int { return int(b) + firstOnCall + n }

// TracingInstance is the port at which the nth tracing service, 1 to Instances, serves HTTPS.
func (b Block) TracingInstance(n int) int { return int(b) + firstOnCall + 4 + n }

// LoggingInstance is the port at which the nth logging service, 1 to Instances, serves HTTPS.
func (b Block) LoggingInstance(n int) int { return int(b) + firstOnCall + 8 + n }

// Cassandra is Cassandra's port for clients.
func (b Block) Cassandra() int { return int(b) + firstOnCall + 13 }

// CassandraStorage is Cassandra's port for other nodes.
func (b Block) CassandraStorage() int { return int(b) + firstOnCall + 14 }

// Elasticsearch is Elasticsearch's port for clients.
func (b Block) Elasticsearch() int { return int(b) + firstOnCall + 15 }

// ElasticsearchTransport is Elasticsearch's port for other nodes.
func (b Block) ElasticsearchTransport() int { return int(b) + firstOnCall + 16 }

// Icinga is the port of Icinga's API.
func (b Block) Icinga() int { return int(b) + firstOnCall + 17 }

// Jaeger is the port of Jaeger's query interface.
func (b Block) Jaeger() int { return int(b) + firstOnCall + 18 }

// JaegerAdmin is the port of Jaeger's health page.
func (b Block) JaegerAdmin() int { return int(b) + firstOnCall + 19 }

// JaegerGRPC is the port of Jaeger's query interface over gRPC.
func (b Block) JaegerGRPC() int { return int(b) + firstOnCall + 20 }

// Prometheus is Prometheus's port.
func (b Block) Prometheus() int { return int(b) + firstOnCall + 21 }

// FailoverInstance is the port at which the nth failover service, 1 to Instances, serves HTTPS.
func (b Block) FailoverInstance(n int) int { return int(b) + firstOnCall + 22 + n }

// Named returns the ports by name, for people and for the tools that read .run/fxcore.json.
func (b Block) Named() map[string]int {
	named := map[string]int{
		"postgres": b.Postgres(), "amqp": b.AMQP(), "amqp_admin": b.AMQPAdmin(), "amqp_distribution": b.AMQPDistribution(),
		"epmd": b.EPMD(), "redis": b.Redis(), "fix": b.FIX(), "fix_tls": b.FIXTLS(),
		"mainframe": b.Mainframe(), "mainframe_control": b.MainframeControl(), "socket": b.Socket(), "socket_tls": b.SocketTLS(),
		"haproxy_stats": b.HAProxyStats(), "api": b.API(), "fxcore": b.Claim(),
		"operations": b.Operations(), "cassandra": b.Cassandra(), "cassandra_storage": b.CassandraStorage(),
		"elasticsearch": b.Elasticsearch(), "elasticsearch_transport": b.ElasticsearchTransport(), "icinga": b.Icinga(),
		"jaeger": b.Jaeger(), "jaeger_admin": b.JaegerAdmin(), "jaeger_grpc": b.JaegerGRPC(), "prometheus": b.Prometheus(),
	}
	for n := 1; n <= Instances; n++ {
		named[fmt.Sprint("fix_instance_", n)] = b.FIXInstance(n)
		named[fmt.Sprint("socket_instance_", n)] = b.SocketInstance(n)
		named[fmt.Sprint("failover_page_", n)] = b.FailoverPage(n)
		named[fmt.Sprint("failover_instance_", n)] = b.FailoverInstance(n)
		named[fmt.Sprint("api_instance_", n)] = b.APIInstance(n)
		named[fmt.Sprint("monitoring_instance_", n)] = b.MonitoringInstance(n)
		named[fmt.Sprint("tracing_instance_", n)] = b.TracingInstance(n)
		named[fmt.Sprint("logging_instance_", n)] = b.LoggingInstance(n)
	}
	return named
}

// ErrNone says that no free block was found.
var ErrNone = errors.New("no free block of ports on 127.0.0.1")

// Choose draws blocks at random until it can hold one. It returns ErrNone after a hundred attempts.
func Choose() (b Block, release func(), err error) {
	for range 100 {
		b := Block(lowest + rand.IntN((highest-lowest)/Size)*Size) //nolint:gosec // spread, not secrecy
		if release, taken := b.Hold(); taken == 0 {
			return b, release, nil
		}
	}
	return 0, nil, fmt.Errorf("%w between %d and %d; what listens there: ss -ltn", ErrNone, lowest, highest)
}

// Hold reserves the block until release is called. If two processes try at once, only one of them gets it, even
// before its servers listen. If a port of the block is in use, taken is the first such port, and nothing is reserved.
func (b Block) Hold() (release func(), taken int) {
	claim, err := listen(b.Claim())
	if err != nil {
		return nil, b.Claim()
	}
	for port := int(b); port < int(b)+Size; port++ {
		if port == b.Claim() {
			continue
		}
		l, err := listen(port)
		if err != nil {
			_ = claim.Close()
			return nil, port
		}
		_ = l.Close()
	}
	return func() { _ = claim.Close() }, 0
}

// Name returns what a port of the block is for.
func (b Block) Name(port int) string {
	for name, p := range b.Named() {
		if p == port {
			return name
		}
	}
	return "health"
}

func listen(port int) (net.Listener, error) {
	return net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port))) //nolint:noctx // binds, does not wait
}
