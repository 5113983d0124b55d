package push

// SealWith is Seal with random bytes that are given, for the vectors that others computed.
func (k Key) SealWith(random, app string, message []byte) string {
	return k.seal([]byte(random), app, message)
}
