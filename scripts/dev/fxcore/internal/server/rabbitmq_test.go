package server_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	amqp091 "github.com/rabbitmq/amqp091-go"

	"fxcore/lambda/amqp"
	"fxcore/lambda/testkit"
	"fxcore/scripts/dev/fxcore/internal/process"
	"fxcore/scripts/dev/fxcore/internal/server"
)

// broker is a RabbitMQ for one test.
type broker struct {
	t    testing.TB
	run  *process.Child
	url  string
	data string // its folder
}

func startBroker(t *testing.T) *broker {
	t.Helper()
	setting := newSetting(t)
	servers, err := server.RabbitMQ(setting)
	if err != nil {
		t.Fatal(err)
	}
	b := &broker{t: t, data: setting.Folder.Data("rabbitmq")}
	for _, s := range servers {
		if err := s.Prepare(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.run = supervise(t, s.Spec) // the broker is the last
	}
	password, err := setting.Folder.Secret("rabbitmq")
	if err != nil {
		t.Fatal(err)
	}
	b.url = setting.Trusting(server.AMQPURL(setting.Ports, password))
	return b
}

// channel connects as soon as the broker accepts connections.
func (b *broker) channel() *amqp091.Channel {
	b.t.Helper()
	var conn *amqp091.Connection
	testkit.Eventually(b.t, "the broker", time.Minute, func() (err error) {
		ctx, cancel := context.WithTimeout(b.t.Context(), 5*time.Second)
		defer cancel()
		conn, err = server.DialAMQP(ctx, b.url)
		return err
	})
	b.t.Cleanup(func() { _ = conn.Close() })
	ch, err := conn.Channel()
	if err != nil {
		b.t.Fatal(err)
	}
	return ch
}

// written waits until the broker has written its queues to disk, both in its own tables and in those of its Raft. The
// broker does so seconds after a declaration. A queue that is in only one of them would come back empty.
func (b *broker) written(queues []string) {
	b.t.Helper()
	testkit.Eventually(b.t, "the queues to be on disk", time.Minute, func() error {
		tables := b.read("LATEST.LOG", "rabbit_durable_queue.DC?")
		raft := b.read("quorum/*/names.dets")
		for _, q := range queues {
			if !bytes.Contains(tables, []byte(q)) || !bytes.Contains(raft, []byte(q)) {
				return errors.New(q + " is not")
			}
		}
		return nil
	})
}

// read joins files of the broker. It skips a file that is being replaced.
func (b *broker) read(patterns ...string) (all []byte) {
	for _, pattern := range patterns {
		files, _ := filepath.Glob(filepath.Join(b.data, "mnesia", "*", pattern)) // the pattern is good
		for _, name := range files {
			text, _ := os.ReadFile(name)
			all = append(all, text...)
		}
	}
	return all
}

// kill ends the broker as a power failure would. The supervisor starts it again.
func (b *broker) kill() {
	b.t.Helper()
	if err := b.run.Status().Process.End(syscall.SIGKILL, time.Minute); err != nil {
		b.t.Fatal(err)
	}
}

// Events in retry queues must be delivered soon after a killed broker has restarted. Some queues look for their
// exchange before the broker has recovered it, up to all of them. By default they would look again only after three
// minutes.
// The broker runs this command when its port mapper does not know it.
func TestNoErlangOfTheBrokerStartsAPortMapper(t *testing.T) {
	setting := newSetting(t)
	servers, err := server.RabbitMQ(setting)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	erl := exec.CommandContext(ctx, "erl", "-boot", "no_dot_erlang", "-sname", "epmd-starter-1", "-noinput", "-s", "erlang", "halt")
	erl.Env = append(servers[len(servers)-1].Spec.Env, "HOME="+t.TempDir())
	out, err := erl.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "econnrefused") {
		t.Errorf("erl found a port mapper, or started one: %v\n%s", err, out)
	}
	if c, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(setting.Ports.EPMD()))); err == nil {
		_ = c.Close()
		t.Error("a port mapper listens")
	}
}

func TestWhatRestedInARetryQueueSurvivesTheBroker(t *testing.T) {
	const (
		queues = 250
		rest   = 3 * time.Second      // how long an event stays in a retry queue: shorter than the broker's restart
		bound  = 2*time.Minute + rest // below the default of three minutes
	)
	b := startBroker(t)
	ch := b.channel()
	declare := func(q amqp.QueueDeclaration) {
		if _, err := ch.QueueDeclare(q.Name, true, false, false, false, q.Arguments); err != nil {
			t.Fatal(err)
		}
	}
	ours := amqp.Topology{Queues: []amqp.Queue{{Name: "work"}}}.Declaration().Queues
	work, retry := ours[len(ours)-2], ours[len(ours)-1]
	declare(work)
	retry.Arguments["x-message-ttl"] = rest.Milliseconds()
	var names []string
	for n := range queues {
		retry.Name = fmt.Sprintf("retry.%03d", n)
		declare(retry)
		names = append(names, retry.Name)
	}
	b.written(names)
	if err := ch.Confirm(false); err != nil {
		t.Fatal(err)
	}
	var confirms []*amqp091.DeferredConfirmation
	waiting := map[string]bool{}
	for n := range queues {
		event := amqp091.Publishing{DeliveryMode: amqp091.Persistent, Body: fmt.Append(nil, "event ", n)}
		waiting[string(event.Body)] = true
		confirm, err := ch.PublishWithDeferredConfirmWithContext(t.Context(), "", names[n], true, false, event)
		if err != nil {
			t.Fatal(err)
		}
		confirms = append(confirms, confirm)
	}
	for n, confirm := range confirms {
		if !confirm.Wait() {
			t.Fatalf("event %d was refused", n)
		}
	}
	b.kill()

	ch = b.channel()
	returned, err := ch.Consume(work.Name, "", true, false, false, false, nil)
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.After(bound); len(waiting) > 0; {
		select {
		case event, open := <-returned:
			if !open {
				t.Fatal("the broker has ended the connection")
			}
			delete(waiting, string(event.Body)) // at least once
		case <-deadline:
			t.Fatalf("%d of %d events have not returned within %s", len(waiting), queues, bound)
		}
	}
	text, err := os.ReadFile(b.run.Spec.Log)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d of the queues looked too early", strings.Count(string(text), "Cannot forward any dead-letter messages"))
}
