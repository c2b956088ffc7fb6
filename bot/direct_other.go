//go:build !unix

package bot

import "net"

// isOpen tells that it cannot be told here: a connection is used again at once, or
// never.
func isOpen(net.Conn) bool { return false }
