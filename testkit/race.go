//go:build race

package testkit

// Race reports whether the test runs under the race detector.
const Race = true
