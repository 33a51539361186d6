// Package dialect speaks FIX for FX Core. It turns a provider's message into the event that begins a story
// (trade.requested, linecheck.requested) and the event that ends one into the provider's answer, and it holds the
// dictionaries: the contract of what is accepted and sent, over FIX 4.4 and over FIX 5.0SP2.
//
// It decides nothing about the business. A message that cannot be read as what it says it is, is refused in the
// protocol's own form, with the tag at fault; everything else is the core's to decide. Both directions are pure:
// the same message gives the same event, the same event the same answer.
package dialect
