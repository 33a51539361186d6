// Package failed is the error queue as on-call sees it: every message that no retry could help, why it failed, and what was done about it.
package failed
