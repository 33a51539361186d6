package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/amqp/amqptest"
	"fxcore/lambda/config"
	"fxcore/lambda/run"
	"fxcore/lambda/testkit"
	"fxcore/services/contract/access"
	"fxcore/services/logging/internal/account"
	"fxcore/services/logging/internal/elastic"
	"fxcore/services/logging/internal/store"
)

// programVariable names the program that a process of this test's binary is.
const programVariable = "LOGGING_TEST_PROGRAM"

func TestMain(m *testing.M) {
	switch os.Getenv(programVariable) {
	case "logging":
		main()
	case "talker":
		talk()
	default:
		os.Exit(m.Run())
	}
}

// talk is a program that logs so many lines at once as it reads on its standard input, of 4 kB each.
func talk() {
	cfg := config.MustLoad[struct {
		config.Base
		AMQP amqp.Config
	}]()
	app := run.New("talker", cfg.Base)
	app.Bus(cfg.AMQP, amqp.Topology{Service: "talker"})
	app.Go("talk", func(context.Context) error {
		told := bufio.NewScanner(os.Stdin)
		for all := 0; told.Scan(); {
			count, _ := strconv.Atoi(told.Text())
			for range count {
				all++
				app.Log.Info("a line", "labels.correlation", fmt.Sprint("T-", all), "labels.padding", strings.Repeat("word ", 800))
			}
		}
		return nil
	})
	os.Exit(app.Run())
}

// child is a process of this test's binary, whose standard output goes to a file.
type child struct {
	env   []string
	out   string
	cmd   *exec.Cmd
	input io.WriteCloser
}

func (c *child) start(t *testing.T) {
	t.Helper()
	out, err := os.OpenFile(c.out, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = out.Close() }()
	c.cmd = exec.Command(os.Args[0]) //nolint:noctx // the test's cleanup kills it
	c.cmd.Env, c.cmd.Stdout, c.cmd.Stderr = append(os.Environ(), c.env...), out, os.Stderr
	if c.input, err = c.cmd.StdinPipe(); err == nil {
		err = c.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (c *child) kill() {
	_ = c.cmd.Process.Kill()
	_ = c.cmd.Wait()
}

// outage is a core that only logs: one that talks, and two replicas of logging.
type outage struct {
	talker  *child
	loggers []*child
	broker  *testkit.Proxy // between the one that talks and the broker
	store   *testkit.Proxy // between logging and its store
	kept    account.Store
	vhost   string
	lines   int
}

// begin starts all of it. storing are the settings that say where logging keeps lines.
func begin(t *testing.T, o *outage, storing ...string) {
	t.Helper()
	folder, url := t.TempDir(), testkit.AMQP(t)
	certificate, key := selfSigned(t)
	process := func(program, replica, broker string, env ...string) *child {
		c := &child{out: filepath.Join(folder, program+"-"+replica+".log"), env: slices.Concat(env, amqptest.Environment(t), []string{programVariable + "=" + program, "REPLICA=" + replica, "AMQP_URL=" + broker})}
		c.start(t)
		t.Cleanup(c.kill)
		return c
	}
	for _, replica := range []string{"1", "2"} {
		o.loggers = append(o.loggers, process("logging", replica, url, append([]string{
			"LOGGING_TLS_CERTIFICATE=" + certificate, "LOGGING_TLS_KEY=" + key, "ACCESS_PUBLIC_KEY=" + publicKey(t),
		}, storing...)...))
	}
	o.vhost = testkit.VHost(t, url)
	o.broker, url = testkit.Through(t, url)
	o.talker = process("talker", "1", url)
}

func publicKey(t *testing.T) string {
	t.Helper()
	key, err := access.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	return key.Public().String()
}

// says has lines written, and returns once standard output has them.
func (o *outage) says(t *testing.T, lines int) {
	t.Helper()
	o.lines += lines
	if _, err := fmt.Fprintln(o.talker.input, lines); err != nil {
		t.Fatal(err)
	}
	testkit.Eventually(t, "lines on standard output", time.Minute, func() error {
		said, err := ending(o.talker.out)
		if !strings.Contains(said, fmt.Sprintf(`"labels.correlation":"T-%d"`, o.lines)) {
			return fmt.Errorf("%d bytes, %w", len(said), err)
		}
		return nil
	})
}

// ending returns the last bytes of a file.
func ending(name string) (string, error) {
	file, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }()
	const bytes = 64 << 10
	if info, err := file.Stat(); err == nil && info.Size() > bytes {
		_, _ = file.Seek(-bytes, io.SeekEnd)
	}
	text, err := io.ReadAll(file)
	return string(text), err
}

// killLoggers kills both replicas (SIGKILL), and starts others in their place.
func (o *outage) killLoggers(t *testing.T) {
	t.Helper()
	for _, c := range o.loggers {
		c.kill()
		c.start(t)
	}
}

// settled waits until each line that the one that talks has written is in the store once, or is among those that it has said it dropped.
// It returns how many those are.
func (o *outage) settled(t *testing.T, when string) (dropped int) {
	t.Helper()
	testkit.Eventually(t, "all lines "+when, 3*time.Minute, func() error {
		a, err := o.account(t)
		if err == nil && (a.Missing+a.Doubled > 0 || a.Written < o.lines) {
			err = fmt.Errorf("%+v", a)
		}
		dropped = a.Dropped
		return err
	})
	return dropped
}

func (o *outage) account(t *testing.T) (a account.Account, err error) {
	t.Helper()
	var outputs []io.Reader
	for _, c := range append([]*child{o.talker}, o.loggers...) {
		text, err := os.ReadFile(c.out)
		if err != nil {
			return a, err
		}
		outputs = append(outputs, strings.NewReader(string(text)))
	}
	lives, err := account.Read(outputs...)
	if err != nil {
		return a, err
	}
	return account.For(t.Context(), o.kept, lives)
}

// Lines in Elasticsearch, which is cut off from logging.
func TestLinesAreCompleteAfterOutagesOnElasticsearch(t *testing.T) {
	url, prefix := testkit.Elasticsearch(t)
	o := &outage{}
	proxy, through := testkit.Through(t, url)
	kept, err := elastic.Open(url, prefix, 72*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = kept.Close(context.WithoutCancel(t.Context())) })
	o.store, o.kept = proxy, kept
	begin(t, o, "POSTGRES_URL="+testkit.PostgresURL(t), "ELASTICSEARCH_URL="+through, "ELASTICSEARCH_PREFIX="+prefix)
	o.outages(t)
}

// Lines in PostgreSQL, which is cut off from logging.
func TestLinesAreCompleteAfterOutagesOnPostgres(t *testing.T) {
	url, o := testkit.PostgresURL(t), &outage{}
	proxy, through := testkit.Through(t, url)
	o.store, o.kept = proxy, store.Store{Pool: testkit.PostgresAt(t, url), Keep: 72 * time.Hour}
	begin(t, o, "POSTGRES_URL="+through, "ELASTICSEARCH_URL=")
	o.outages(t)
}

// A buffer holds 4 MiB, and a line has 4 kB.
const (
	within = 250   // lines that a buffer holds
	beyond = 1_200 // lines that no buffer holds
)

// outages: who keeps lines is away or killed while lines come. What is missing afterwards is what was said to be dropped, and that is nothing
// unless a bound was passed.
func (o *outage) outages(t *testing.T) {
	o.says(t, within)
	none := func(when string) {
		if dropped := o.settled(t, when); dropped > 0 {
			t.Errorf("%d lines were dropped %s", dropped, when)
		}
	}
	none("at rest")

	o.store.Cut()
	o.says(t, within)
	o.killLoggers(t)
	o.says(t, within)
	o.store.Heal()
	none("after the store was away and both replicas were killed")

	for range 3 {
		o.says(t, within)
		o.killLoggers(t)
	}
	none("after both replicas were killed in mid-flow")

	o.broker.Cut()
	o.says(t, within)
	o.broker.Heal()
	none("after the broker was away")

	o.broker.Cut()
	o.says(t, beyond)
	o.broker.Heal()
	first := o.settled(t, "after the broker was away for longer than the buffer holds")

	testkit.BoundQueue(t, o.vhost, amqp.LogQueue, 1<<20)
	o.store.Cut()
	o.says(t, 2*beyond)
	o.store.Heal()
	second := o.settled(t, "after the store was away for longer than queue and buffer hold")
	t.Logf("%d lines; dropped with the broker away: %d, with the store away and the queue full: %d", o.lines, first, second-first)
	if first == 0 || second == first {
		t.Error("nothing was dropped: the test shows nothing of it")
	}
}
