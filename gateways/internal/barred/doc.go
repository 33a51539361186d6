// Package barred has the providers that a person has barred: their sessions end within a second or two, and they are not admitted until
// a person says so. The list lies in the gateway's schema, so it outlives the instances, and each of them follows it.
package barred
