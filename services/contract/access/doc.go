// Package access defines what auth and the API share so that people and systems come in: tokens, how a credential is sealed, and
// the section that says who asks.
//
// A token is opaque: 256 random bits that the API draws and shows to the caller once. Messages and tables only have its hash. The
// API asks auth for it by token.requested, with a proof that is sealed for auth, so neither the broker nor a journal shows a
// password. All replicas of the API hear token.issued and token.revoked.
//
// All times here are real time, not the bank's clock: guesses, one-time codes and the life of a token have nothing to do with
// the bank's business day.
package access
