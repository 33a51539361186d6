// Package attack tests what somebody can do who has exactly one thing that is not theirs: a program's credentials, a connection, a local
// account. Each attack runs on the whole core, as make run starts it. The right answer is that the attack fails and is seen.
//
//	make attack RUN=TestStrangers
package attack
