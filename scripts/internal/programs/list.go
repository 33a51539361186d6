package programs

// All is the list. Its order is that of the fault runner's draws: with another order, or one line more, a seed is another schedule.
// make new-service adds a line after that of the service that it copies.
func All() []Program {
	return []Program{
		{Name: "auth", Folder: "services/auth", Kind: Service, Start: Deciding, Replicas: 2, Servers: every(), Carries: true},
		{Name: "trading", Folder: "services/trading", Kind: Service, Start: Deciding, Replicas: 2, Servers: every(), Carries: true},
		{Name: "linecheck", Folder: "services/linecheck", Kind: Service, Start: Deciding, Replicas: 2, Servers: every(), Carries: true},
		{Name: "responsibility", Folder: "services/responsibility", Kind: Service, Start: Deciding, Replicas: 2, Servers: every(), Carries: true},
		{Name: "datasync", Folder: "services/datasync", Kind: Service, Start: StaticData, Replicas: 2, Servers: []string{AMQP, Redis}, Carries: true},
		{Name: "mainframe", Folder: "gateways/mainframe", Kind: Service, Start: MainframeGateway, Replicas: 2, Servers: []string{AMQP, Mainframe}, Carries: true},
		{Name: "fix", Folder: "gateways/fix", Kind: Gateway, Start: Doors, Replicas: 2, Servers: []string{AMQP, Postgres}, Role: "fixgateway"},
		{Name: "socket", Folder: "gateways/socket", Kind: Gateway, Start: Doors, Replicas: 2, Servers: []string{AMQP, Postgres}, Role: "socketgateway"},
		{Name: "haproxy", Kind: Server},
		{Name: "failover", Folder: "services/failover", Kind: Service, Start: Deciding, Replicas: 2, Servers: []string{AMQP, Postgres}},
		{Name: "mainframe-simulator", Folder: "gateways/mainframe/simulator", Kind: Simulator, Start: Simulators, Replicas: 1},
		{Name: "epmd", Kind: Server},
		{Name: "rabbitmq", Kind: Server},
		{Name: "postgres", Kind: Server},
		{Name: "redis", Kind: Server},
		{Name: "provider", Folder: "scripts/demo/provider", Kind: Demo, Start: Visitors, Replicas: 1},
	}
}

// every is the servers that a service of the usual kind connects to.
func every() []string { return []string{AMQP, Postgres, Redis} }
