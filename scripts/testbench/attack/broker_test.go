//go:build e2e

package attack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	amqp091 "github.com/rabbitmq/amqp091-go"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/scripts/internal/broker"
	"fxcore/scripts/internal/programs"
	"fxcore/services/contract"
)

// declared is what each program declares at the broker.
func (c *core) declared(t *testing.T) []amqp.Topology {
	t.Helper()
	var all []amqp.Topology
	for _, p := range programs.Ours() {
		if !p.Uses(programs.AMQP) {
			continue
		}
		topology, err := c.Topology(t.Context(), p.Name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, topology)
	}
	return broker.ForEach(broker.Providers{"fix": {"test1"}, "socket": {"stest1"}}, all)
}

// line is a connection to the broker on which somebody tries what is not theirs.
type line struct {
	means
	conn *amqp091.Connection
}

func (m means) line(t *testing.T) *line {
	t.Helper()
	return &line{m, m.broker(t)}
}

// try makes one attempt on a channel of its own and returns whether the broker refuses it for want of a right.
func (l *line) try(t *testing.T, attempt func(ch *amqp091.Channel) error) (refused bool) {
	t.Helper()
	var err error
	for range 5 {
		err = l.once(attempt)
		var answer *amqp091.Error
		if err == nil || !errors.As(err, &answer) {
			break
		}
		if answer.Code == amqp091.AccessRefused {
			return true
		}
		if answer.Code != amqp091.ChannelError {
			break
		}
		_ = l.conn.Close() // the client called again at the moment at which the broker closed the channel, so it closes the connection, too
		l.conn = l.broker(t)
	}
	if err != nil {
		t.Errorf("neither done nor refused: %v", err)
	}
	return false
}

func (l *line) once(attempt func(ch *amqp091.Channel) error) error {
	ch, err := l.conn.Channel()
	if err != nil {
		return err
	}
	defer func() { _ = ch.Close() }()
	return attempt(ch)
}

// publish publishes within a transaction that is rolled back: the broker checks the right, and nobody gets the message.
func publish(exchange, key, user string) func(*amqp091.Channel) error {
	return func(ch *amqp091.Channel) error {
		closed := ch.NotifyClose(make(chan *amqp091.Error, 1))
		err := ch.Tx()
		if err == nil {
			err = ch.PublishWithContext(context.Background(), exchange, key, false, false, amqp091.Publishing{UserId: user, Body: []byte("{}")})
		}
		if err == nil {
			err = ch.TxRollback()
		}
		if err == nil {
			return nil
		}
		select { // the channel is closed with the broker's reason, which may come after the call has failed
		case reason := <-closed:
			if reason != nil {
				return reason
			}
		case <-time.After(attackBound):
		}
		return err
	}
}

// read consumes. What is delivered meanwhile goes back when the channel closes. Not every kind of queue has a get.
func read(queue string) func(*amqp091.Channel) error {
	return func(ch *amqp091.Channel) error {
		if err := ch.Qos(1, 0, false); err != nil {
			return err
		}
		_, err := ch.Consume(queue, "", false, false, false, false, nil)
		return err
	}
}

// Each program's credentials publish what the program declares and read its queues, and nothing else.
func TestABrokerUserDoesNoMoreThanItsProgramDeclares(t *testing.T) {
	c := theCore(t)
	all := c.declared(t)
	type address struct{ exchange, key string }
	addresses, queues := map[address]bool{}, map[string]bool{amqp.ErrorQueue: true, amqp.LogQueue: true, amqp.UnroutableQueue: true}
	keyOf := func(p amqp.Publication) address {
		switch {
		case p.Shared:
			return address{p.Exchange, p.Type.Name + "." + amqp.SharedOrigin}
		case p.Origin != "":
			return address{p.Exchange, p.Type.Name + "." + p.Origin}
		}
		return address{p.Exchange, p.Type.Name + ".test1"}
	}
	for _, topology := range all {
		for _, p := range topology.Publishes {
			addresses[keyOf(p)] = true
		}
		for _, q := range topology.Queues {
			queues[q.Name] = true
			for _, rest := range q.RestQueues() {
				queues[rest] = true
			}
		}
	}
	var table strings.Builder
	table.WriteString("| credentials of | publish | read | of types | of queues |\n| --- | --- | --- | --- | --- |\n")
	for _, topology := range all {
		on := c.means(t, topology.Service).line(t)
		var may, mayRead []string
		for a := range addresses {
			declares := slices.ContainsFunc(topology.Publishes, func(p amqp.Publication) bool {
				k := keyOf(p)
				return k == a || p.Exchange == a.exchange && !p.Shared && p.Origin == "" && strings.TrimSuffix(k.key, "test1") == a.key[:strings.LastIndexByte(a.key, '.')+1]
			})
			refused := on.try(t, publish(a.exchange, a.key, topology.Service))
			if refused == declares {
				t.Errorf("%s publishes %s at %s: refused %t, declared %t", topology.Service, a.key, a.exchange, refused, declares)
			}
			if !refused {
				may = append(may, a.key)
			}
		}
		for queue := range queues {
			owns := slices.Contains(topology.Takes, queue) || slices.ContainsFunc(topology.Queues, func(q amqp.Queue) bool { return q.Name == queue })
			refused := on.try(t, read(queue))
			if refused == owns {
				t.Errorf("%s reads %s: refused %t, declared %t", topology.Service, queue, refused, owns)
			}
			if !refused {
				mayRead = append(mayRead, queue)
			}
		}
		slices.Sort(may)
		slices.Sort(mayRead)
		fmt.Fprintf(&table, "| %s | %s | %s | %d of %d | %d of %d |\n", topology.Service,
			strings.ReplaceAll(strings.Join(may, ", "), ".test1", ".*"), strings.NewReplacer(".test1", ".*", ".stest1", ".*").Replace(strings.Join(mayRead, ", ")),
			len(may), len(addresses), len(mayRead), len(queues))
	}
	compare(t, "broker.md", "# What each program's credentials can do at the broker\n\nFilled by `make attack`, which tries everything. "+
		"`UPDATE_SAMPLES=1 make attack RUN=TestABrokerUser` writes it.\n\n"+table.String())
}

// compare compares what a test found with what the repository says, or writes it there.
func compare(t *testing.T, name, found string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv("UPDATE_SAMPLES") != "" {
		if err := os.WriteFile(path, []byte(found), 0o644); err != nil { //nolint:gosec // a source file
			t.Fatal(err)
		}
	}
	if stored, err := os.ReadFile(path); err != nil || string(stored) != found { //nolint:gosec // a source file
		t.Errorf("%s is not what was found (%v); found:\n%s", path, err, found)
	}
}

// With one program's credentials nobody changes what is at the broker, comes in by the exchanges that lead everywhere, or speaks in another's name.
func TestABrokerUserCannotChangeTheBroker(t *testing.T) {
	c := theCore(t)
	for _, p := range programs.Ours() {
		if !p.Uses(programs.AMQP) {
			continue
		}
		on := c.means(t, p.Name).line(t)
		other := "trading"
		if p.Name == other {
			other = "linecheck"
		}
		for what, attempt := range map[string]func(*amqp091.Channel) error{
			"declares a queue": func(ch *amqp091.Channel) error {
				_, err := ch.QueueDeclare("attack", false, true, false, false, nil)
				return err
			},
			"declares an exchange": func(ch *amqp091.Channel) error {
				return ch.ExchangeDeclare("attack", "topic", false, true, false, false, nil)
			},
			"binds a queue to everything": func(ch *amqp091.Channel) error { return ch.QueueBind(other, "#", contract.TradeExchange, false, nil) },
			"deletes a queue":             func(ch *amqp091.Channel) error { _, err := ch.QueueDelete(other, false, false, false); return err },
			"deletes its own queue":       func(ch *amqp091.Channel) error { _, err := ch.QueueDelete(p.Name, false, false, false); return err },
			"empties a queue":             func(ch *amqp091.Channel) error { _, err := ch.QueuePurge(other, false); return err },
			"deletes an exchange":         func(ch *amqp091.Channel) error { return ch.ExchangeDelete(contract.TradeExchange, false, false) },
			"puts a message into a queue": publish("", other, p.Name),
			"lets one rest for another":   publish(amqp.RestExchange, other+".retry", p.Name),
		} {
			if !on.try(t, attempt) {
				t.Errorf("with the credentials of %s somebody %s", p.Name, what)
			}
		}
		if p.Name != "monitoring" && !on.try(t, publish(amqp.ReplayExchange, other, p.Name)) {
			t.Errorf("%s replays messages", p.Name)
		}
		if err := inAnothersName(on.conn, other); err == nil || !strings.Contains(err.Error(), "user_id") {
			t.Errorf("%s speaks in the name of %s: %v", p.Name, other, err)
		}
	}
}

// inAnothersName publishes a log line, which every program may, as somebody else.
func inAnothersName(conn *amqp091.Connection, other string) error {
	ch, err := conn.Channel()
	if err != nil {
		return err
	}
	defer func() { _ = ch.Close() }()
	return publish(amqp.LogQueue, "", other)(ch)
}

// forged is an event that says what an attacker wants.
func forged(t *testing.T, typ event.Type, origin, correlation string, data any) event.Event {
	t.Helper()
	e, err := event.New(typ, event.NewID(event.DayOf(time.Now()), "forged", t.Name(), time.Now().String()), origin, correlation, data)
	if err != nil {
		t.Fatal(err)
	}
	e.Time, e.Source = time.Now().UTC(), "trading/1"
	return e
}

// send publishes a body and waits for the broker's confirm. It returns why the broker refuses it.
func send(t *testing.T, conn *amqp091.Connection, exchange, key, mediaType, user string, body []byte) error {
	t.Helper()
	ch, err := conn.Channel()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ch.Close() }()
	closed := ch.NotifyClose(make(chan *amqp091.Error, 1))
	if err := ch.Confirm(false); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), attackBound)
	defer cancel()
	confirm, err := ch.PublishWithDeferredConfirmWithContext(ctx, exchange, key, false, false,
		amqp091.Publishing{ContentType: mediaType, UserId: user, DeliveryMode: amqp091.Persistent, MessageId: "attack", Body: body})
	if err != nil {
		return err
	}
	select {
	case reason := <-closed:
		return reason
	case <-confirm.Done():
		return nil
	case <-ctx.Done():
		t.Fatal("the broker says nothing")
		return nil
	}
}

// failedWith waits until the error queue's table has an entry whose reason contains a text.
func (c *core) failedWith(t *testing.T, queue, text string) {
	t.Helper()
	db := c.database(t)
	testkit.Eventually(t, "an entry of the error queue about "+text, attackBound, func() error {
		var n int
		err := db.QueryRow(t.Context(), `SELECT count(*) FROM monitoring.failed_message WHERE queue = $1 AND text LIKE '%' || $2 || '%'`, queue, text).Scan(&n)
		if err == nil && n == 0 {
			err = errors.New("there is none")
		}
		return err
	})
}

// A trade that trading has not registered is not booked, with whichever other credentials.
func TestATradeThatTradingHasNotRegisteredIsNotBooked(t *testing.T) {
	c := theCore(t)
	id := "T-FORGED-999M"
	e := forged(t, contract.TradeRegistered, "test1", id, map[string]any{"request": map[string]any{"trade_id": id, "client": "C000900", "amount": "999000000"}})
	body := event.Append(nil, e)
	for _, p := range programs.Ours() {
		if !p.Uses(programs.AMQP) || p.Name == "trading" {
			continue
		}
		conn := c.means(t, p.Name).broker(t)
		for _, key := range []string{e.Key(), contract.TradeRegistered.Name + ".all"} {
			if err := send(t, conn, contract.TradeExchange, key, event.MediaType, p.Name, body); err == nil {
				t.Errorf("%s publishes %s", p.Name, key)
			}
		}
	}
	// Under a key that it may publish, the same event is refused by who reads that key.
	fix := c.means(t, "fix").broker(t)
	if err := send(t, fix, contract.TradeExchange, "trade.requested.test1", event.MediaType, "fix", body); err != nil {
		t.Fatal(err)
	}
	c.failedWith(t, "auth", "not authentic")
	// Even the publisher's own credentials do not do at the mainframe, without the key.
	if err := send(t, c.means(t, "trading").broker(t), contract.TradeExchange, e.Key(), event.MediaType, "trading", body); err != nil {
		t.Fatal(err)
	}
	c.failedWith(t, "mainframe.bookings", "not signed")
}

// A provider is told of a fill by trading alone: with the mainframe gateway's credentials nobody says so.
func TestTheMainframesGatewayFillsNoOrder(t *testing.T) {
	c := theCore(t)
	conn := c.means(t, "mainframe").broker(t)
	for _, typ := range []event.Type{contract.TradeRegistered, contract.TradeRejected, contract.LineCheckCompleted, contract.TradeRepeated} {
		e := forged(t, typ, "test1", "T-FORGED-FILL", map[string]any{"request": map[string]any{"provider": "TEST1"}})
		if err := send(t, conn, contract.Exchange(typ), e.Key(), event.MediaType, "mainframe", event.Append(nil, e)); err == nil {
			t.Errorf("it publishes %s", typ)
		}
	}
}

// A gateway's request in the name of another provider than its origin's is not decided.
func TestARequestOfAnotherProvidersIsNotDecided(t *testing.T) {
	c := theCore(t)
	id := "T-FORGED-ORIGIN"
	e := forged(t, contract.TradeRequested, "test1", id, map[string]any{"request": map[string]any{
		"trade_id": id, "reference": "forged", "provider": "TEST2", "client": "C000900", "trade_date": time.Now().UTC().Format(time.DateOnly),
	}})
	if err := send(t, c.means(t, "fix").broker(t), contract.TradeExchange, e.Key(), event.MediaType, "fix", event.Append(nil, e)); err != nil {
		t.Fatal(err)
	}
	c.failedWith(t, "auth", "is not the origin of provider")
	if err := send(t, c.means(t, "api").broker(t), contract.TradeExchange, e.Key(), event.MediaType, "api", event.Append(nil, e)); err == nil {
		t.Error("the API publishes a provider's request")
	}
}

// A message that is nothing but brackets kills nobody. One that is too large does not come in.
func TestAMessageOfBracketsKillsNobody(t *testing.T) {
	c := theCore(t)
	before := c.restarts(t)
	conn := c.means(t, "fix").broker(t)
	for i, mediaType := range []string{event.MediaType, event.MediaTypeBatch} {
		body := []byte(strings.Repeat("[", event.MaxBody-2+i))
		if err := send(t, conn, contract.TradeExchange, "trade.requested.test1", mediaType, "fix", body); err != nil {
			t.Fatal(err)
		}
	}
	c.failedWith(t, "auth", "nested deeper")
	if err := send(t, conn, contract.TradeExchange, "trade.requested.test1", event.MediaType, "fix", make([]byte, event.MaxBody+1)); err == nil {
		t.Error("the broker takes a message that is too large")
	}
	if after := c.restarts(t); after != before {
		t.Errorf("%d processes have died", after-before)
	}
	ctx, cancel := context.WithTimeout(t.Context(), attackBound)
	defer cancel()
	if err := c.AwaitReady(ctx); err != nil {
		t.Error(err)
	}
}

func (c *core) restarts(t *testing.T) (n int) {
	t.Helper()
	r, err := c.Record()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range r.Processes {
		n += p.Restarts
	}
	return n
}

// Messages of empty events, as many as a consumer takes ahead, kill nobody either: decoded they would take gigabytes.
func TestMessagesOfEmptyEventsKillNobody(t *testing.T) {
	c := theCore(t)
	before := c.restarts(t)
	conn := c.means(t, "fix").broker(t)
	for _, empty := range []string{"null", "{}"} {
		body := []byte("[" + strings.Repeat(empty+",", (event.MaxBody-16)/(len(empty)+1)) + empty + "]")
		for range 32 {
			if err := send(t, conn, contract.TradeExchange, "trade.requested.test1", event.MediaTypeBatch, "fix", body); err != nil {
				t.Fatal(err)
			}
		}
	}
	c.failedWith(t, "auth", "more than 1000 events or attributes")
	if after := c.restarts(t); after != before {
		t.Errorf("%d processes have died", after-before)
	}
	for _, id := range []string{"auth-1", "auth-2"} {
		p, err := c.Process(id)
		if err != nil {
			t.Fatal(err)
		}
		var kilobytes int
		if _, err := fmt.Sscan(status(t, p.PID)["VmHWM"], &kilobytes); err != nil || kilobytes > 1<<20 {
			t.Errorf("%s took %d kB at most, %v", id, kilobytes, err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), attackBound)
	defer cancel()
	if err := c.AwaitReady(ctx); err != nil {
		t.Error(err)
	}
}
