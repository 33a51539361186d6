package programs

import "strings"

// All returns the list. The fault runner draws from it in this order, so a change of the order or a new line changes
// the schedule of every seed. make new-service adds a line after the line of the service that it copies.
func All() []Program {
	return []Program{
		{Name: "auth", Folder: "services/auth", Kind: Service, Start: Deciding, Replicas: 2, Servers: every(), Carries: true, Signs: true, Sets: sets("accounts clients clock desks providers rates users")},
		{Name: "trading", Folder: "services/trading", Kind: Service, Start: Deciding, Replicas: 2, Servers: every(), Carries: true, Signs: true, Sets: sets("calendars clock currencies pairs points quotes rates")},
		{Name: "linecheck", Folder: "services/linecheck", Kind: Service, Start: Deciding, Replicas: 2, Servers: every(), Carries: true, Sets: sets("calendars clients clock currencies holdings lines pairs points rates risk")},
		{Name: "responsibility", Folder: "services/responsibility", Kind: Service, Start: Deciding, Replicas: 2, Servers: every(), Carries: true, Sets: sets("clock desks")},
		{Name: "api", Folder: "services/api", Kind: Service, Start: Deciding, Replicas: 2, Servers: every(), Carries: true, Sets: sets("calendars clients clock currencies pairs points rates")},
		{Name: "settlement", Folder: "services/settlement", Kind: Service, Start: Deciding, Replicas: 2, Servers: every(), Carries: true, Signs: true, Yields: true, Sets: sets("accounts agreements balancing calendars clock currencies nostros pairs points rates")},
		{Name: "datasync", Folder: "services/datasync", Kind: Service, Start: StaticData, Replicas: 2, Servers: []string{AMQP, Redis}, Carries: true, Sets: sets("clock"), Fills: true},
		{Name: "mainframe", Folder: "gateways/mainframe", Kind: Service, Start: MainframeGateway, Replicas: 2, Servers: []string{AMQP, Mainframe}, Carries: true},
		{Name: "fix", Folder: "gateways/fix", Kind: Gateway, Start: Doors, Replicas: 2, Servers: []string{AMQP, Postgres}, Role: "fixgateway", Sets: sets("clock")},
		{Name: "socket", Folder: "gateways/socket", Kind: Gateway, Start: Doors, Replicas: 2, Servers: []string{AMQP, Postgres}, Role: "socketgateway", Sets: sets("clock")},
		{Name: "haproxy", Kind: Server},
		{Name: "failover", Folder: "services/failover", Kind: Service, Start: Deciding, Replicas: 2, Servers: []string{AMQP, Postgres}},
		{Name: "monitoring", Folder: "services/monitoring", Kind: Service, Start: Deciding, Replicas: 2, Servers: every(), Sets: sets("clock")},
		{Name: "logging", Folder: "services/logging", Kind: Service, Start: Deciding, Replicas: 2, Servers: []string{AMQP, Postgres}, Yields: true},
		{Name: "tracing", Folder: "services/tracing", Kind: Service, Start: Journal, Replicas: 2, Servers: []string{AMQP, Postgres}, Yields: true},
		{Name: "mainframe-simulator", Folder: "gateways/mainframe/simulator", Kind: Simulator, Start: Simulators, Replicas: 1},
		{Name: "epmd", Kind: Server},
		{Name: "rabbitmq", Kind: Server},
		{Name: "postgres", Kind: Server},
		{Name: "redis", Kind: Server},
		{Name: "cassandra", Kind: FullServer},
		{Name: "elasticsearch", Kind: FullServer},
		{Name: "icinga", Kind: FullServer},
		{Name: "jaeger", Kind: FullServer},
		{Name: "prometheus", Kind: FullServer},
		{Name: "provider", Folder: "scripts/demo/provider", Kind: Demo, Start: Visitors, Replicas: 1, Sets: sets("clock")},
	}
}

// sets returns the names in a text. A test derives the names from the code of each program, and compares.
func sets(names string) []string { return strings.Fields(names) }

// every returns the servers that most services connect to.
func every() []string { return []string{AMQP, Postgres, Redis} }
