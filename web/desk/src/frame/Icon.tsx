/**
 * The desk's pictograms by what they mean. Always beside a word or a label, so readers skip them.
 */

import Department from "@ant-design/icons/ApartmentOutlined";
import Api from "@ant-design/icons/ApiOutlined";
import Voice from "@ant-design/icons/AudioOutlined";
import Bell from "@ant-design/icons/BellOutlined";
import Check from "@ant-design/icons/CheckOutlined";
import Clock from "@ant-design/icons/ClockCircleOutlined";
import Close from "@ant-design/icons/CloseOutlined";
import Snooze from "@ant-design/icons/CoffeeOutlined";
import Copy from "@ant-design/icons/CopyOutlined";
import Board from "@ant-design/icons/DashboardOutlined";
import Trash from "@ant-design/icons/DeleteOutlined";
import Offline from "@ant-design/icons/DisconnectOutlined";
import Download from "@ant-design/icons/DownloadOutlined";
import Down from "@ant-design/icons/DownOutlined";
import Edit from "@ant-design/icons/EditOutlined";
import Alert from "@ant-design/icons/ExclamationCircleOutlined";
import Eye from "@ant-design/icons/EyeOutlined";
import Urgent from "@ant-design/icons/FieldTimeOutlined";
import File from "@ant-design/icons/FileOutlined";
import Audit from "@ant-design/icons/FileSearchOutlined";
import Filter from "@ant-design/icons/FilterOutlined";
import Flag from "@ant-design/icons/FlagOutlined";
import Site from "@ant-design/icons/GlobalOutlined";
import Inbox from "@ant-design/icons/InboxOutlined";
import Info from "@ant-design/icons/InfoCircleOutlined";
import Key from "@ant-design/icons/KeyOutlined";
import Back from "@ant-design/icons/LeftOutlined";
import Loading from "@ant-design/icons/LoadingOutlined";
import Lock from "@ant-design/icons/LockOutlined";
import Out from "@ant-design/icons/LogoutOutlined";
import Keyboard from "@ant-design/icons/MacCommandOutlined";
import Mail from "@ant-design/icons/MailOutlined";
import Menu from "@ant-design/icons/MenuOutlined";
import Message from "@ant-design/icons/MessageOutlined";
import PutAway from "@ant-design/icons/MinusOutlined";
import Moon from "@ant-design/icons/MoonOutlined";
import More from "@ant-design/icons/MoreOutlined";
import BellOff from "@ant-design/icons/MutedOutlined";
import Hash from "@ant-design/icons/NumberOutlined";
import Paperclip from "@ant-design/icons/PaperClipOutlined";
import Picture from "@ant-design/icons/PictureOutlined";
import Plus from "@ant-design/icons/PlusOutlined";
import Print from "@ant-design/icons/PrinterOutlined";
import PinOn from "@ant-design/icons/PushpinFilled";
import Pin from "@ant-design/icons/PushpinOutlined";
import Qr from "@ant-design/icons/QrcodeOutlined";
import Claimed from "@ant-design/icons/QuestionCircleOutlined";
import Book from "@ant-design/icons/ReadOutlined";
import Refresh from "@ant-design/icons/ReloadOutlined";
import Assistant from "@ant-design/icons/RobotOutlined";
import Reopen from "@ant-design/icons/RollbackOutlined";
import Proved from "@ant-design/icons/SafetyCertificateFilled";
import Search from "@ant-design/icons/SearchOutlined";
import Send from "@ant-design/icons/SendOutlined";
import Settings from "@ant-design/icons/SettingOutlined";
import Shop from "@ant-design/icons/ShopOutlined";
import Block from "@ant-design/icons/StopOutlined";
import Sun from "@ant-design/icons/SunOutlined";
import Transfer from "@ant-design/icons/SwapOutlined";
import People from "@ant-design/icons/TeamOutlined";
import Bolt from "@ant-design/icons/ThunderboltOutlined";
import Language from "@ant-design/icons/TranslationOutlined";
import Up from "@ant-design/icons/UpOutlined";
import User from "@ant-design/icons/UserOutlined";
import Warning from "@ant-design/icons/WarningOutlined";

const ICONS = {
  alert: Alert,
  assistant: Assistant,
  audit: Audit,
  back: Back,
  book: Book,
  board: Board,
  bell: Bell,
  bellOff: BellOff,
  bolt: Bolt,
  block: Block,
  check: Check,
  claimed: Claimed,
  clock: Clock,
  close: Close,
  code: Hash,
  connection: Api,
  copy: Copy,
  department: Department,
  down: Down,
  download: Download,
  edit: Edit,
  eye: Eye,
  file: File,
  flag: Flag,
  filter: Filter,
  inbox: Inbox,
  info: Info,
  key: Key,
  keyboard: Keyboard,
  language: Language,
  loading: Loading,
  lock: Lock,
  mail: Mail,
  menu: Menu,
  message: Message,
  moon: Moon,
  more: More,
  offline: Offline,
  out: Out,
  paperclip: Paperclip,
  people: People,
  picture: Picture,
  pin: Pin,
  pinOn: PinOn,
  plus: Plus,
  print: Print,
  proved: Proved,
  putAway: PutAway,
  qr: Qr,
  refresh: Refresh,
  reopen: Reopen,
  search: Search,
  send: Send,
  settings: Settings,
  shop: Shop,
  site: Site,
  snooze: Snooze,
  sun: Sun,
  transfer: Transfer,
  trash: Trash,
  urgent: Urgent,
  up: Up,
  user: User,
  voice: Voice,
  warning: Warning,
};

export type IconName = keyof typeof ICONS;

interface IconProps {
  name: IconName;
  size?: number;
  /** Given by menus, which place the icons of their items. */
  className?: string;
}

export function Icon({ name, size, className }: IconProps) {
  const Drawn = ICONS[name];
  return (
    <Drawn
      aria-hidden
      aria-label={undefined}
      className={className}
      style={size ? { fontSize: size } : undefined}
    />
  );
}
