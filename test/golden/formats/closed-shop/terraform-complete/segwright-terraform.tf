terraform {
  required_providers {
    nsxt = {
      source  = "vmware/nsxt"
      version = ">= 3.8.0"
    }
  }
}

data "nsxt_policy_service" "dns" {
  display_name = "DNS"
}

data "nsxt_policy_service" "dns_udp" {
  display_name = "DNS-UDP"
}

resource "nsxt_policy_service" "icmp_8" {
  nsx_id       = "segwright-ICMP-8"
  display_name = "ICMP/8"

  icmp_entry {
    display_name = "icmp-8"
    protocol     = "ICMPv4"
    icmp_type    = "8"
  }
}

resource "nsxt_policy_service" "tcp_22_3389_3390" {
  nsx_id       = "segwright-TCP-22_3389-3390"
  display_name = "TCP/22,3389-3390"

  l4_port_set_entry {
    display_name      = "tcp"
    protocol          = "TCP"
    destination_ports = ["22", "3389-3390"]
  }
}

resource "nsxt_policy_service" "tcp_8443" {
  nsx_id       = "segwright-TCP-8443"
  display_name = "TCP/8443"

  l4_port_set_entry {
    display_name      = "tcp"
    protocol          = "TCP"
    destination_ports = ["8443"]
  }
}

resource "nsxt_policy_service" "tcp_9443" {
  nsx_id       = "segwright-TCP-9443"
  display_name = "TCP/9443"

  l4_port_set_entry {
    display_name      = "tcp"
    protocol          = "TCP"
    destination_ports = ["9443"]
  }
}

resource "nsxt_policy_group" "sgshopapp_ipv6" {
  nsx_id       = "segwright-SGSHOPAPP-ipv6"
  display_name = "SGSHOPAPP ipv6"
  description  = "Part of SGSHOPAPP."

  criteria {
    ipaddress_expression {
      ip_addresses = ["2001:db8::21"]
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "nsxt_policy_group" "sgshopapp" {
  nsx_id       = "segwright-SGSHOPAPP"
  display_name = "SGSHOPAPP"
  description  = "Security group seen in the log: virtual machines tagged segwright-group|SGSHOPAPP, and the addresses seen."

  criteria {
    condition {
      member_type = "VirtualMachine"
      key         = "Tag"
      operator    = "EQUALS"
      value       = "segwright-group|SGSHOPAPP"
    }
  }

  conjunction {
    operator = "OR"
  }

  criteria {
    ipaddress_expression {
      ip_addresses = ["192.0.2.21"]
    }
  }

  conjunction {
    operator = "OR"
  }

  criteria {
    path_expression {
      member_paths = [nsxt_policy_group.sgshopapp_ipv6.path]
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "nsxt_policy_group" "sgshopweb" {
  nsx_id       = "segwright-SGSHOPWEB"
  display_name = "SGSHOPWEB"
  description  = "Security group seen in the log: virtual machines tagged segwright-group|SGSHOPWEB, and the addresses seen."

  criteria {
    condition {
      member_type = "VirtualMachine"
      key         = "Tag"
      operator    = "EQUALS"
      value       = "segwright-group|SGSHOPWEB"
    }
  }

  conjunction {
    operator = "OR"
  }

  criteria {
    ipaddress_expression {
      ip_addresses = ["192.0.2.11", "192.0.2.12"]
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "nsxt_policy_group" "sgshop" {
  nsx_id       = "segwright-SGSHOP"
  display_name = "SGSHOP"
  description  = "Security group seen in the log: virtual machines tagged segwright-group|SGSHOP, and the addresses seen."

  criteria {
    condition {
      member_type = "VirtualMachine"
      key         = "Tag"
      operator    = "EQUALS"
      value       = "segwright-group|SGSHOP"
    }
  }

  conjunction {
    operator = "OR"
  }

  criteria {
    path_expression {
      member_paths = [nsxt_policy_group.sgshopapp.path, nsxt_policy_group.sgshopweb.path]
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "nsxt_policy_group" "dns_servers" {
  nsx_id       = "segwright-DNS-servers"
  display_name = "DNS | servers"
  description  = "IP set: a source or destination, no place of enforcement."

  criteria {
    ipaddress_expression {
      ip_addresses = ["198.51.100.53", "198.51.100.60-198.51.100.70"]
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "nsxt_policy_group" "app_vip" {
  nsx_id       = "segwright-app-VIP"
  display_name = "app VIP"
  description  = "IP set: a source or destination, no place of enforcement."

  criteria {
    ipaddress_expression {
      ip_addresses = ["203.0.113.10"]
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "nsxt_policy_group" "balancer" {
  nsx_id       = "segwright-balancer"
  display_name = "balancer"
  description  = "IP set: a source or destination, no place of enforcement."

  criteria {
    ipaddress_expression {
      ip_addresses = ["203.0.113.2"]
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "nsxt_policy_group" "inside" {
  nsx_id       = "segwright-inside"
  display_name = "inside"
  description  = "IP set: a source or destination, no place of enforcement."

  criteria {
    ipaddress_expression {
      ip_addresses = ["192.0.2.0/24"]
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "nsxt_policy_group" "shop_net" {
  nsx_id       = "segwright-shop-net"
  display_name = "shop net"
  description  = "IP set: a source or destination, no place of enforcement."

  criteria {
    ipaddress_expression {
      ip_addresses = ["192.0.2.0/26"]
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "nsxt_policy_security_policy" "infra" {
  nsx_id          = "segwright-infra"
  display_name    = "Infrastructure & <services>"
  category        = "Infrastructure"
  sequence_number = 10
  stateful        = true
  tcp_strict      = true

  rule {
    display_name          = "=DNS; \"names\" $${x} %%{y}"
    notes                 = "412 sessions, 3 days"
    sequence_number       = 10
    source_groups         = [nsxt_policy_group.sgshop.path]
    destination_groups    = [nsxt_policy_group.dns_servers.path]
    sources_excluded      = false
    destinations_excluded = false
    services = [
      data.nsxt_policy_service.dns_udp.path,
      data.nsxt_policy_service.dns.path,
      nsxt_policy_service.icmp_8.path,
    ]
    action     = "ALLOW"
    direction  = "OUT"
    ip_version = "IPV4"
    logged     = true
    log_label  = "infra-dns"
    disabled   = false
  }

  rule {
    display_name          = "Nobody from outside"
    notes                 = ""
    sequence_number       = 20
    source_groups         = [nsxt_policy_group.inside.path]
    destination_groups    = [nsxt_policy_group.shop_net.path]
    sources_excluded      = true
    destinations_excluded = false
    services              = [nsxt_policy_service.tcp_22_3389_3390.path]
    action                = "REJECT"
    direction             = "IN"
    ip_version            = "IPV4"
    logged                = true
    log_label             = "infra-not-outside-and-a-long-tag"
    disabled              = false
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "nsxt_policy_security_policy" "shop" {
  nsx_id          = "segwright-shop"
  display_name    = "SHOP"
  category        = "Application"
  sequence_number = 10
  stateful        = true
  tcp_strict      = true

  rule {
    display_name          = "SGSHOPWEB to app VIP"
    notes                 = ""
    sequence_number       = 10
    source_groups         = [nsxt_policy_group.sgshopweb.path]
    destination_groups    = [nsxt_policy_group.app_vip.path]
    sources_excluded      = false
    destinations_excluded = false
    services              = [nsxt_policy_service.tcp_8443.path]
    scope                 = [nsxt_policy_group.sgshopweb.path]
    action                = "ALLOW"
    direction             = "IN_OUT"
    ip_version            = "IPV4_IPV6"
    logged                = true
    log_label             = "shop-web-vip"
    disabled              = false
  }

  rule {
    display_name          = "VIP to SGSHOPAPP"
    notes                 = ""
    sequence_number       = 20
    source_groups         = [nsxt_policy_group.balancer.path]
    destination_groups    = [nsxt_policy_group.sgshopapp.path]
    sources_excluded      = false
    destinations_excluded = false
    services              = [nsxt_policy_service.tcp_9443.path]
    scope                 = [nsxt_policy_group.sgshopapp.path]
    action                = "ALLOW"
    direction             = "IN_OUT"
    ip_version            = "IPV4_IPV6"
    logged                = true
    log_label             = "shop-vip-app"
    disabled              = false
  }

  rule {
    display_name          = "Close SHOP"
    notes                 = ""
    sequence_number       = 30
    sources_excluded      = false
    destinations_excluded = false
    scope                 = [nsxt_policy_group.sgshop.path]
    action                = "DROP"
    direction             = "IN_OUT"
    ip_version            = "IPV4_IPV6"
    logged                = true
    log_label             = "shop-close"
    disabled              = true
  }

  lifecycle {
    create_before_destroy = true
  }
}
