// Package ports gives a clone a block of loopback ports of its own, so that clones run side by side and beside whatever
// else the machine runs.
package ports

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
)

// Size is how many consecutive ports a block has; the upper part is for the services' health addresses.
const Size = 128

// The range of base ports: above the well-known servers, below the kernel's own choice for outgoing connections (32768).
const (
	lowest  = 20000
	highest = 32000
)

const firstHealth = 40

// Instances is how many instances of a gateway have a port for what HAProxy sends them.
const Instances = 4

// Block is the first port of a block. Its methods name the ports in it.
type Block int

// Postgres is PostgreSQL's port.
func (b Block) Postgres() int { return int(b) }

// AMQP is RabbitMQ's port for its clients.
func (b Block) AMQP() int { return int(b) + 1 }

// AMQPAdmin is RabbitMQ's management interface, where it is switched on.
func (b Block) AMQPAdmin() int { return int(b) + 2 }

// AMQPDistribution is where RabbitMQ would meet other nodes.
func (b Block) AMQPDistribution() int { return int(b) + 3 }

// EPMD is the Erlang port mapper's port.
func (b Block) EPMD() int { return int(b) + 4 }

// Redis is Redis' port.
func (b Block) Redis() int { return int(b) + 5 }

// FIX is where providers connect: HAProxy's port.
func (b Block) FIX() int { return int(b) + 6 }

// FIXTLS is where providers connect with TLS, which ends at HAProxy.
func (b Block) FIXTLS() int { return int(b) + 7 }

// Mainframe is where the mainframe simulator answers.
func (b Block) Mainframe() int { return int(b) + 8 }

// MainframeControl is where the mainframe simulator is told to be slow, wrong or away.
func (b Block) MainframeControl() int { return int(b) + 9 }

// FIXInstance is where the nth FIX gateway, 1 to Instances, takes what HAProxy sends it.
func (b Block) FIXInstance(n int) int { return int(b) + 9 + n }

// Socket is where providers of the socket protocol connect: HAProxy's port.
func (b Block) Socket() int { return int(b) + 14 }

// SocketTLS is the same with TLS.
func (b Block) SocketTLS() int { return int(b) + 15 }

// SocketInstance is where the nth socket gateway, 1 to Instances, takes what HAProxy sends it.
func (b Block) SocketInstance(n int) int { return int(b) + 15 + n }

// HAProxyStats is HAProxy's page for people, and for Prometheus below /metrics.
func (b Block) HAProxyStats() int { return int(b) + 20 }

// FailoverPage is where the nth failover, 1 to Instances, shows the plan.
func (b Block) FailoverPage(n int) int { return int(b) + 20 + n }

// Claim is where whoever has the block listens, and answers nobody: see [Block.Hold].
func (b Block) Claim() int { return int(b) + firstHealth - 1 }

// Health is the port of the nth process' health address. Beyond the block it is 0: the process chooses one itself.
func (b Block) Health(n int) int {
	if n < 0 || n >= Size-firstHealth {
		return 0
	}
	return int(b) + firstHealth + n
}

// Named lists the ports by name, for people and for the tools that read .run/fxcore.json.
func (b Block) Named() map[string]int {
	named := map[string]int{
		"postgres": b.Postgres(), "amqp": b.AMQP(), "amqp_admin": b.AMQPAdmin(), "amqp_distribution": b.AMQPDistribution(),
		"epmd": b.EPMD(), "redis": b.Redis(), "fix": b.FIX(), "fix_tls": b.FIXTLS(),
		"mainframe": b.Mainframe(), "mainframe_control": b.MainframeControl(), "socket": b.Socket(), "socket_tls": b.SocketTLS(),
		"haproxy_stats": b.HAProxyStats(), "fxcore": b.Claim(),
	}
	for n := 1; n <= Instances; n++ {
		named[fmt.Sprint("fix_instance_", n)] = b.FIXInstance(n)
		named[fmt.Sprint("socket_instance_", n)] = b.SocketInstance(n)
		named[fmt.Sprint("failover_page_", n)] = b.FailoverPage(n)
	}
	return named
}

// ErrNone says that no free block was found.
var ErrNone = errors.New("no free block of ports on 127.0.0.1")

// Choose draws blocks until it can hold one, at most a hundred.
func Choose() (b Block, release func(), err error) {
	for range 100 {
		b := Block(lowest + rand.IntN((highest-lowest)/Size)*Size) //nolint:gosec // spread, not secrecy
		if release, taken := b.Hold(); taken == 0 {
			return b, release, nil
		}
	}
	return 0, nil, fmt.Errorf("%w between %d and %d; what listens there: ss -ltn", ErrNone, lowest, highest)
}

// Hold has the block to itself until it is released: of two that begin at once one gets it, however long their servers
// take until they listen. Where something listens in the block, taken is the first such port, and nothing is held.
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

// Name is what the block's port is for.
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
