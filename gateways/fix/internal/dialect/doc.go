// Package dialect translates between FIX and the core. It turns a provider's message into a request event (trade.requested,
// linecheck.requested), and a final event into the provider's answer. It also has the dictionaries, which define what is
// accepted and sent over FIX 4.4 and FIX 5.0SP2.
//
// It makes no business decision. It refuses a message that is not valid for its type, in FIX's own form and with the faulty
// tag. The core decides everything else. Both directions are pure functions: the same message gives the same event, and the
// same event gives the same answer.
package dialect
