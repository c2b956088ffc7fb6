//go:build !unix

package bot

import "net"

// isOpen tells that it cannot be told here: each call has a connection of its own.
func isOpen(net.Conn) bool { return false }
