// Package browser holds only tests: residents and staff using a whole house in headless Chromium, on a telephone's screen.
//
// One browser serves all tests; each of them has a window of its own whose cookies nobody else sees. Every window is
// watched: a script that fails, a breach of the content policy or a dialogue that opens fails its test. Nothing waits for
// a time to pass; everything waits for what it needs to see.
package browser
