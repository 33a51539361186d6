package testkit

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	amqp091 "github.com/rabbitmq/amqp091-go"

	"fxcore/lambda/trust/authority"
)

// Broker is a RabbitMQ server for one test, which would disturb other tests on a shared one. It takes some seconds to start.
type Broker struct {
	URL string // of its one vhost, in which the user may do everything

	t       testing.TB
	program string // folder of RabbitMQ's programs
	env     []string
}

// brokerPatience bounds the start of a broker on a busy machine.
const brokerPatience = 90 * time.Second

// OwnBroker starts a broker, which is killed when the test ends.
func OwnBroker(t testing.TB) *Broker {
	t.Helper()
	found, err := filepath.Glob("/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin")
	if err != nil || len(found) == 0 {
		t.Fatal("RabbitMQ is not installed: run scripts/bootstrap tests")
	}
	dir, port, mapper, distribution := t.TempDir(), anyPort(t), anyPort(t), anyPort(t)
	b := &Broker{URL: fmt.Sprintf("amqps://guest:guest@127.0.0.1:%s/?cacertfile=%s", port, url.QueryEscape(filepath.Join(dir, "ca.crt"))), t: t, program: found[len(found)-1]}
	in := func(name string) string { return filepath.Join(dir, name) }
	Certify(t, dir, authority.Subject{Name: "broker", Hosts: []string{"127.0.0.1"}})
	settings := "listeners.tcp = none\nlisteners.ssl.1 = 127.0.0.1:" + port + "\nssl_options.versions.1 = tlsv1.3\nssl_options.certfile = " + in("broker.pem") +
		"\nssl_options.keyfile = " + in("broker.pem") + "\nlog.file = false\nlog.console = true\n" +
		"default_user_tags.administrator = true\ndefault_user_tags.impersonator = true\n" // its one user stands for all programs
	for name, content := range map[string]string{"rabbitmq.conf": settings, "enabled_plugins": "[].\n"} {
		if err := os.WriteFile(in(name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b.env = []string{
		"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "HOME=" + dir, "ERL_EPMD_PORT=" + mapper, "ERL_EPMD_ADDRESS=127.0.0.1",
		"RABBITMQ_ALLOW_INPUT=1", "RABBITMQ_NODENAME=own@localhost", "RABBITMQ_DIST_PORT=" + distribution,
		"RABBITMQ_CONF_ENV_FILE=" + in("none"), "RABBITMQ_CONFIG_FILE=" + in("rabbitmq.conf"), "RABBITMQ_ADVANCED_CONFIG_FILE=" + in("none"),
		"RABBITMQ_ENABLED_PLUGINS_FILE=" + in("enabled_plugins"), "RABBITMQ_MNESIA_BASE=" + in("mnesia"), "RABBITMQ_LOG_BASE=" + in("log"),
		"RABBITMQ_PID_FILE=" + in("pid"), "RABBITMQ_GENERATED_CONFIG_DIR=" + in("config"),
		"RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}",
	}
	b.run("/usr/bin/epmd", "-port", mapper, "-address", "127.0.0.1")
	b.run(filepath.Join(b.program, "rabbitmq-server"), "-noinput")
	Eventually(t, "the test's own broker", brokerPatience, b.answers)
	return b
}

// run keeps a program running until the test ends.
func (b *Broker) run(program string, args ...string) {
	b.t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Env, cmd.SysProcAttr = b.env, &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		b.t.Fatalf("start %s: %v", program, err)
	}
	b.t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // its helpers as well
		_ = cmd.Wait()
	})
}

func (b *Broker) answers() error {
	conn, err := amqp091.Dial(b.URL)
	if err == nil {
		err = conn.Close()
	}
	return err
}

// Alarm makes the broker believe that it has no memory left: it takes no messages until Calm.
func (b *Broker) Alarm() { b.watermark("0.0000001") }

// Calm ends the alarm.
func (b *Broker) Calm() { b.watermark("0.9") }

func (b *Broker) watermark(share string) {
	b.t.Helper()
	ctx, cancel := bounded()
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(b.program, "rabbitmqctl"), "-n", "own@localhost", "set_vm_memory_high_watermark", share)
	cmd.Env = b.env
	if out, err := cmd.CombinedOutput(); err != nil {
		b.t.Fatalf("set the broker's memory watermark: %v: %s", err, out)
	}
}

func anyPort(t testing.TB) string {
	t.Helper()
	_, port, err := net.SplitHostPort(Address(t))
	if err != nil {
		t.Fatal(err)
	}
	return port
}
