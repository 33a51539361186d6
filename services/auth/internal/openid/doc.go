// Package openid checks the logins of people at the bank's identity provider (OpenID Connect Core 1.0). Whoever has logged in there
// hands over the ID token that the provider has signed.
//
// A Provider fetches the keys of the identity provider in a loop of its own and keeps them. Check needs no network, so no decision ever
// waits for the identity provider.
package openid
