package client

import (
	"context"
	"errors"

	"fxcore/gateways/socket/message"
)

// Credentials are what the core knows a provider by.
type Credentials struct {
	Username string
	Password string `json:"-"`
}

// String hides the password.
func (c Credentials) String() string { return "credentials of " + c.Username }

// GoString is String: no verb shows the password.
func (c Credentials) GoString() string { return c.String() }

// Point is where to go on in the core's messages.
type Point struct {
	Session string // empty: the one that runs now
	Next    uint64 // number of the next message wanted: 1 is the first, 0 the most recent
}

// Message is one of the core's messages.
type Message struct {
	Number  uint64 // in the session: the one before it plus one
	Payload []byte // the receiver's own
}

// Answer reads the message. It fails with a *message.Fault, also for messages that are newer than this package.
func (m Message) Answer() (message.Answer, error) { return message.ParseAnswer(m.Payload) }

// Errors that end a client; all others are followed by another connection.
var (
	ErrNotAuthorised  = errors.New("username or password is refused")
	ErrNoSession      = errors.New("session is not available")
	ErrOtherSession   = errors.New("logged in to another session than asked for")
	ErrOtherNumber    = errors.New("the session goes on at another number than asked for")
	ErrForgotten      = errors.New("the core no longer has requests that it had confirmed")
	ErrClosed         = errors.New("client is closed")
	errEnd            = errors.New("end of session")
	errNotTaken       = errors.New("the core had no room for a request")
	errProtocol       = errors.New("the server breaks the protocol")
	errNoSessionAgain = errors.New("session is not available at the moment") // it was: somebody else is about to take it over
)

// Client is a provider's connection, over all the connections that it takes. Its methods may be called at the same time.
type Client struct {
	settings settings
	who      Credentials
	session  string
	next     uint64 // number of the message that comes next
	outbox   *outbox
	pause    pause

	messages chan Message
	stop     context.CancelFunc
	done     chan struct{}
	err      error // why it ended; read it after done
}

// Dial logs in. ctx bounds the first login only, which must succeed; errors: ErrNotAuthorised, ErrNoSession,
// ErrOtherSession, ErrOtherNumber, and those of the network.
func Dial(ctx context.Context, addr string, who Credentials, from Point, options ...Option) (*Client, error) {
	c := &Client{
		settings: newSettings(addr, options), who: who, session: from.Session, next: from.Next,
		messages: make(chan Message), done: make(chan struct{}),
	}
	c.outbox = newOutbox(c.settings.unconfirmed)
	c.pause = pause{least: c.settings.leastPause, most: c.settings.mostPause}
	l, err := c.login(ctx, from.Session != "")
	if err != nil {
		return nil, err
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	c.stop = stop
	go c.run(running, l)
	return c, nil
}

// Session is the name of the session that the client is logged in to.
func (c *Client) Session() string { return c.session }

// Next waits for the next message. While nobody calls it nothing more is read, and the core holds back. It fails with
// io.EOF when the session has ended, with the error that ended the client, or with ctx's.
func (c *Client) Next(ctx context.Context) (Message, error) {
	select {
	case m := <-c.messages:
		return m, nil
	case <-c.done:
		return Message{}, c.err
	case <-ctx.Done():
		return Message{}, ctx.Err()
	}
}

// Send gives a request its number and sends it, now and after each loss of the connection, until the core says that it
// has it. It waits while too many are unconfirmed, and at first until the core has told how far it received, which
// takes that somebody calls Next. A status request has no number and is sent once: ask again if no answer comes. It
// fails with a *message.Fault, with the error that ended the client, or with ctx's.
func (c *Client) Send(ctx context.Context, r message.Request) (number uint64, err error) {
	if s, ok := r.(*message.StatusRequest); ok {
		return 0, c.outbox.ask(s)
	}
	if err := c.wait(ctx, c.outbox.known); err != nil {
		return 0, err
	}
	select {
	case c.outbox.room <- struct{}{}:
		return c.outbox.add(r)
	case <-c.done:
		return 0, c.err
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func (c *Client) wait(ctx context.Context, what <-chan struct{}) error {
	select {
	case <-what:
		return nil
	case <-c.done:
		return c.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close logs out and ends the client. What the core has not confirmed by then may or may not have reached it: send it
// again, under the same reference, with the next client.
func (c *Client) Close() {
	c.stop()
	<-c.done
}
