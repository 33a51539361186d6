package server

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	amqp "github.com/rabbitmq/amqp091-go"

	"fxcore/lambda/event"
	"fxcore/scripts/dev/fxcore/internal/ports"
	"fxcore/scripts/dev/fxcore/internal/process"
)

// rabbitSettings is the whole rabbitmq.conf. The log goes to standard output, where the supervisor bounds its size.
// Quorum queues also hold their write-ahead log in memory, so its limit is 128 MB instead of 512 MB.
const rabbitSettings = `# Written at every start; changes here are lost.
listeners.tcp = none
listeners.ssl.1 = 127.0.0.1:%d
ssl_options.certfile = %[4]s
ssl_options.keyfile = %[4]s
ssl_options.versions.1 = tlsv1.3
load_definitions = %[2]s
max_message_size = %[3]d
log.file = false
log.console = true
log.console.level = info
log.console.use_colors = off
raft.wal_max_size_bytes = 134217728
disk_free_limit.absolute = 500MB
`

const rabbitAdminSettings = `management.ssl.ip = 127.0.0.1
management.ssl.port = %d
management.ssl.certfile = %[2]s
management.ssl.keyfile = %[2]s
management.ssl.versions.1 = tlsv1.3
management.rates_mode = none
`

// deadLetters makes a queue retry a failed dead-lettering after five seconds instead of three minutes. After a crash,
// a broker may look for the exchange of a retry queue before it has recovered that exchange.
const deadLetters = "-rabbit dead_letter_worker_publisher_confirm_timeout 5000"

// BrokerAdmin is the user who may do everything. No program of ours has its password.
const BrokerAdmin = "fxcore"

const (
	rabbitUser = BrokerAdmin
	nodeName   = "fxcore@localhost"
)

// AMQPURL returns the URL with which the administrator connects, who may do everything.
func AMQPURL(b ports.Block, password string) string { return AMQPURLOf(b, rabbitUser, password) }

// AMQPURLOf returns the URL with which a program connects, as the user of its name.
func AMQPURLOf(b ports.Block, user, password string) string {
	return fmt.Sprintf("amqps://%s:%s@%s:%d/", user, password, host, b.AMQP())
}

// BrokerSecret names the secret of a program's user, or of the administrator.
func BrokerSecret(user string) string {
	if user == rabbitUser {
		return "rabbitmq"
	}
	return "rabbitmq-" + user
}

// AdminURL returns the URL of the management interface, where it is switched on.
func AdminURL(b ports.Block, password string) string {
	return fmt.Sprintf("https://%s:%s@%s:%d", rabbitUser, password, host, b.AMQPAdmin())
}

type rabbit struct {
	setting Setting
	account process.Account
	program string
	data    string
}

// RabbitMQ returns the Erlang port mapper (epmd), which must start first, and the broker. Without its own port
// mapper, the broker would start one that all Erlang programs of the machine share.
func RabbitMQ(s Setting) ([]Server, error) {
	r, err := rabbitOf(s)
	if err != nil {
		return nil, err
	}
	return []Server{
		{Spec: r.mapper(), Prepare: nothing, Provision: nothing},
		{Spec: r.broker(), Prepare: r.prepare, Provision: nothing, Renew: r.renew},
	}, nil
}

func rabbitOf(s Setting) (r rabbit, err error) {
	program, err := newest("RabbitMQ", "/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server")
	if err != nil {
		return r, err
	}
	account, err := rabbitAccount(s)
	if err != nil {
		return r, err
	}
	if _, err := Authority(s.Folder); err != nil {
		return r, err
	}
	return rabbit{setting: s, account: account, program: program, data: s.Folder.Data("rabbitmq")}, nil
}

// rabbitAccount returns the user of RabbitMQ's package. If the folder is closed to that user, it returns the caller,
// root: Erlang checks access with access(2), which ignores capabilities.
func rabbitAccount(s Setting) (process.Account, error) {
	if !process.Open(string(s.Folder)) {
		return process.Account{}, nil
	}
	return process.ServerAccount("rabbitmq", string(s.Folder))
}

func (r rabbit) mapper() process.Spec {
	port := strconv.Itoa(r.setting.Ports.EPMD())
	return process.Spec{
		Name: "epmd", Path: "/usr/bin/epmd", Args: []string{"-port", port, "-address", host}, Dir: "/",
		Env: environment("/"), Log: r.setting.Folder.Log("epmd"), Account: r.account,
		Stop: syscall.SIGTERM, Orphan: syscall.SIGKILL, Grace: time.Second,
		Ready: func(ctx context.Context) error {
			c, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort(host, port))
			if err != nil {
				return fmt.Errorf("connect to epmd: %w", err)
			}
			return c.Close()
		},
	}
}

// broker runs the package's start script in the mode in which the script replaces itself with the Erlang machine, so
// that the supervisor signals and watches the broker itself. SIGTERM stops it cleanly.
func (r rabbit) broker() process.Spec {
	in := func(name string) string { return filepath.Join(r.data, name) }
	return process.Spec{
		Name: "rabbitmq", Path: r.program, Args: []string{"-noinput"}, Dir: "/", Log: r.setting.Folder.Log("rabbitmq"),
		Account: r.account, Stop: syscall.SIGTERM, Orphan: syscall.SIGTERM, Grace: grace, Ready: r.probe(),
		Env: append(environment(r.data),
			"RABBITMQ_ALLOW_INPUT=1",
			"RABBITMQ_NODENAME="+nodeName,
			"RABBITMQ_CONF_ENV_FILE="+in("none"), // instead of the machine's /etc/rabbitmq/rabbitmq-env.conf
			"RABBITMQ_CONFIG_FILE="+in("rabbitmq.conf"),
			"RABBITMQ_ADVANCED_CONFIG_FILE="+in("none"),
			"RABBITMQ_ENABLED_PLUGINS_FILE="+in("enabled_plugins"),
			"RABBITMQ_MNESIA_BASE="+in("mnesia"),
			"RABBITMQ_LOG_BASE="+in("log"),
			"RABBITMQ_PID_FILE="+in("pid"),
			"RABBITMQ_GENERATED_CONFIG_DIR="+in("config"),
			fmt.Sprintf("RABBITMQ_DIST_PORT=%d", r.setting.Ports.AMQPDistribution()),
			fmt.Sprintf("ERL_EPMD_PORT=%d", r.setting.Ports.EPMD()),
			"ERL_EPMD_ADDRESS="+host,
			"ERL_CRASH_DUMP_SECONDS=0", // no crash dump, so that it can restart at once
			// The broker looks once a minute whether its port mapper knows it. If the mapper is just being restarted, the
			// broker starts an erl that would start a mapper of its own on the same port, outside the supervisor.
			"ERL_AFLAGS=-start_epmd false",
			"RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=-kernel inet_dist_use_interface {127,0,0,1} "+deadLetters,
		),
	}
}

func (r rabbit) prepare(ctx context.Context) error {
	if err := r.account.Own(r.data); err != nil {
		return err
	}
	if _, err := r.certificate().write(false); err != nil {
		return err
	}
	definitions, err := r.definitions(ctx)
	if err != nil {
		return err
	}
	imported := filepath.Join(r.data, "definitions.json")
	settings, plugins := fmt.Sprintf(rabbitSettings, r.setting.Ports.AMQP(), imported, event.MaxBody, filepath.Join(r.data, certificateName)), "[].\n"
	if r.setting.Admin {
		settings, plugins = settings+fmt.Sprintf(rabbitAdminSettings, r.setting.Ports.AMQPAdmin(), filepath.Join(r.data, certificateName)), "[rabbitmq_management].\n"
	}
	for name, content := range map[string]string{"rabbitmq.conf": settings, "enabled_plugins": plugins, "definitions.json": string(definitions)} {
		if err := os.WriteFile(filepath.Join(r.data, name), []byte(content), 0o600); err != nil {
			return fmt.Errorf("write settings of RabbitMQ: %w", err)
		}
	}
	return r.account.Own(r.data)
}

func (r rabbit) certificate() certificate {
	return certificate{r.setting, r.data, local("rabbitmq"), r.account}
}

// renew tells the broker nothing: Erlang forgets what it has read of certificates every two minutes.
func (r rabbit) renew(ctx context.Context, _ func(syscall.Signal) error, anew bool) error {
	return r.certificate().renewal(nothing)(ctx, anew)
}

// definitions returns what the broker imports when it starts: a user for each program, and all that the programs declare.
func (r rabbit) definitions(ctx context.Context) ([]byte, error) {
	all, err := r.described(ctx)
	if err != nil {
		return nil, err
	}
	return all.JSON()
}

const vhost = "/"

// probe returns a check that the broker accepts a login. It keeps its connection, whose heartbeats detect a dead
// broker.
func (r rabbit) probe() func(context.Context) error {
	var kept *amqp.Connection
	return func(ctx context.Context) error {
		if kept != nil && !kept.IsClosed() {
			return nil
		}
		err := withEither(r.setting.Folder, BrokerSecret(rabbitUser), func(password string) (err error) {
			kept, err = DialAMQP(ctx, r.setting.Trusting(AMQPURL(r.setting.Ports, password)))
			return err
		})
		if err != nil {
			return fmt.Errorf("connect to RabbitMQ: %w", err)
		}
		return nil
	}
}

// DialAMQP connects within the context's deadline. After that, the library uses its own deadlines.
func DialAMQP(ctx context.Context, url string) (*amqp.Connection, error) {
	return amqp.DialConfig(url, amqp.Config{Heartbeat: 5 * time.Second, Dial: func(network, address string) (net.Conn, error) {
		c, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if deadline, bounded := ctx.Deadline(); err == nil && bounded {
			err = c.SetDeadline(deadline)
		}
		return c, err
	}})
}
