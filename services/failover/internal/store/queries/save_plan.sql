update plan set automatic = $1
