package client

import (
	"context"
	"errors"

	"fxcore/gateways/socket/message"
)

// Credentials are a provider's user name and password.
type Credentials struct {
	Username string
	Password string `json:"-"`
}

// String hides the password.
func (c Credentials) String() string { return "credentials of " + c.Username }

// GoString is String: no verb shows the password.
func (c Credentials) GoString() string { return c.String() }

// Point is the position in the core's messages at which to continue.
type Point struct {
	Session string // empty: the current one
	Next    uint64 // number of the next message: 1 is the first, 0 the most recent
}

// Message is one message from the core.
type Message struct {
	Number  uint64 // its number in the session; numbers have no gaps
	Payload []byte // belongs to the caller
}

// Answer decodes the message. Its error is a *message.Fault, also for a message that is newer than this package.
func (m Message) Answer() (message.Answer, error) { return message.ParseAnswer(m.Payload) }

// Errors that end a client. After any other error the client connects again.
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
	errNoSessionAgain = errors.New("session is not available at the moment") // it was available before: another instance is taking it over
)

// Client is a provider's session with the core. It connects again when a connection is lost. Its methods are safe for
// concurrent use.
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
	err      error // why the client ended; read it only after done is closed
}

// Dial logs in and returns the client. ctx bounds only the first login, which must succeed. Errors: ErrNotAuthorised, ErrNoSession,
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

// Session returns the name of the session to which the client is logged in.
func (c *Client) Session() string { return c.session }

// Next waits for the next message. The client reads from the connection only while Next is called, so a slow caller slows the core
// down. Errors: io.EOF when the session has ended; the error that ended the client; ctx's.
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

// Send gives a request its number and queues it. The client sends the request, and sends it again after each loss of the
// connection, until the core confirms that it has it.
//
// Send waits while too many requests are unconfirmed. At first it also waits until the core has said which requests it has; another
// goroutine must call Next meanwhile. A status request has no number and is sent once: ask again if no answer comes. Errors: a
// *message.Fault; the error that ended the client; ctx's.
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

// Close logs out and ends the client. Requests that the core has not confirmed may or may not have arrived. Send them again with
// the next client, under the same references.
func (c *Client) Close() {
	c.stop()
	<-c.done
}
