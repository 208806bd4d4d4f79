// Every page works without this script; with it, some components become handier.
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  FileUpload,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  Tabs,
  createAll
} from 'govuk-frontend'
import { keepRegister, renewCode } from './register.js'
import { ButtonMenu, DatePicker, MultiSelect, SortableTable } from '@ministryofjustice/frontend'

for (const Component of [
  Button, CharacterCount, Checkboxes, ErrorSummary, FileUpload, NotificationBanner, PasswordInput,
  Radios, ServiceNavigation, SkipLink, Tabs, ButtonMenu, DatePicker, MultiSelect, SortableTable
]) {
  createAll(Component)
}

// Filters stand open where there is room beside the list, and folded above it on a phone.
if (window.matchMedia('(min-width: 48.0625em)').matches) {
  for (const filter of document.querySelectorAll('details.app-filter__fold')) filter.open = true
}

keepRegister()
renewCode()
