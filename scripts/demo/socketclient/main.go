// Command socketclient is a provider on the command line. It logs in to the socket gateway, sends one request, and
// prints every message from the core. Without -addr it reads the gateway's address from .run/fxcore.json. See its
// README.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"

	"fxcore/gateways/socket/client"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil && !errors.Is(err, context.Canceled) {
		_, _ = fmt.Fprintln(os.Stderr, "socketclient:", err)
		os.Exit(1)
	}
}

// options are the values of the flags.
type options struct {
	address, user, password, session string
	from                             uint64
	client, pair, side, amount, rate string
	tenor, reference, reservation    string
	trade                            string
	patience                         time.Duration
}

func parse(args []string) (options, string, error) {
	var o options
	f := flag.NewFlagSet("socketclient", flag.ContinueOnError)
	f.StringVar(&o.address, "addr", "", "address of the gateway, host:port; empty: the gateway of this clone's core")
	f.StringVar(&o.user, "user", "sandbs", "user name of the login")
	f.StringVar(&o.password, "password", "sandbsdemo", "password of the login")
	f.StringVar(&o.session, "session", "", "session to log in to; empty: the current one")
	f.Uint64Var(&o.from, "from", 0, "number of the first message to receive; 0: the most recent one")
	f.StringVar(&o.client, "client", "C000900", "client whose trade or line it is")
	f.StringVar(&o.pair, "pair", "EUR/USD", "currency pair; the amount is in the first currency")
	f.StringVar(&o.side, "side", "buy", "buy or sell the first currency")
	f.StringVar(&o.amount, "amount", "1000000", "amount of the first currency")
	f.StringVar(&o.rate, "rate", "", "all-in rate; empty: the demo market's current mid rate")
	f.StringVar(&o.tenor, "tenor", "", "tenor of a forward or a reservation, such as 1M")
	f.StringVar(&o.reference, "reference", fmt.Sprintf("C-%d", time.Now().UnixMicro()),
		"reference of the request; for a status: of the request that you ask about")
	f.StringVar(&o.reservation, "reservation", "", "the core's id of the reservation to consume or cancel")
	f.StringVar(&o.trade, "trade", "", "to consume: reference of the trade for which it is, if you report that trade, too")
	f.DurationVar(&o.patience, "patience", 30*time.Second, "how long to wait for the final answer")
	f.Usage = func() {
		_, _ = fmt.Fprintln(f.Output(), "usage: socketclient [flags] spot|forward|report|reserve|consume|cancel|status|check-status|watch")
		f.PrintDefaults()
	}
	if err := f.Parse(args); err != nil {
		return o, "", err
	}
	if f.NArg() != 1 {
		f.Usage()
		return o, "", errors.New("name exactly one request")
	}
	return o, f.Arg(0), nil
}

func run(ctx context.Context, args []string) error {
	o, what, err := parse(args)
	if err != nil {
		return err
	}
	if o.address == "" {
		if o.address, err = ownCore(); err != nil {
			return err
		}
	}
	request, err := o.request(what)
	if err != nil {
		return err
	}
	c, err := client.Dial(ctx, o.address, client.Credentials{Username: o.user, Password: o.password}, client.Point{Session: o.session, Next: o.from})
	if err != nil {
		return fmt.Errorf("log in to %s: %w", o.address, err)
	}
	defer c.Close()
	return converse(ctx, c, request, o.patience)
}
