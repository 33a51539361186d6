// Command socketclient is a provider at the command line: it logs in to the socket gateway, asks one thing, and shows all that the
// core says. The core of this clone is found by .run/fxcore.json; see its README.
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

// options are the flags: who asks, where, and what for.
type options struct {
	address, user, password, session string
	from                             uint64
	client, pair, side, amount, rate string
	tenor, reference, reservation    string
	patience                         time.Duration
}

func parse(args []string) (options, string, error) {
	var o options
	f := flag.NewFlagSet("socketclient", flag.ContinueOnError)
	f.StringVar(&o.address, "addr", "", "of the gateway; this clone's own if empty")
	f.StringVar(&o.user, "user", "sandbs", "of the login")
	f.StringVar(&o.password, "password", "sandbsdemo", "of the login")
	f.StringVar(&o.session, "session", "", "to log in to; the one that runs if empty")
	f.Uint64Var(&o.from, "from", 0, "number of the first message wanted; 0 is the most recent one")
	f.StringVar(&o.client, "client", "C000900", "whose trade or line it is")
	f.StringVar(&o.pair, "pair", "EUR/USD", "traded; the first currency is dealt")
	f.StringVar(&o.side, "side", "buy", "buy or sell, of the dealt currency")
	f.StringVar(&o.amount, "amount", "1000000", "of the dealt currency")
	f.StringVar(&o.rate, "rate", "", "all-in; the demo market's mid of this moment if empty")
	f.StringVar(&o.tenor, "tenor", "", "of a forward or a reservation: 1M")
	f.StringVar(&o.reference, "reference", fmt.Sprintf("C-%d", time.Now().UnixMicro()), "of the request; of a status, what is asked for")
	f.StringVar(&o.reservation, "reservation", "", "our id of what is to be consumed or cancelled")
	f.DurationVar(&o.patience, "patience", 30*time.Second, "for the final answer")
	f.Usage = func() {
		_, _ = fmt.Fprintln(f.Output(), "usage: socketclient [flags] spot|forward|report|reserve|consume|cancel|status|check-status|watch")
		f.PrintDefaults()
	}
	if err := f.Parse(args); err != nil {
		return o, "", err
	}
	if f.NArg() != 1 {
		f.Usage()
		return o, "", errors.New("name one thing to do")
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
